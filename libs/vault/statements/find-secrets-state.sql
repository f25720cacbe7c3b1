-- Another text when any secret, or what it is sealed under, is another; small, since rooms ask every second.
select md5(coalesce(string_agg(name || md5(wrapped_key || sealed), ',' order by name), '')) as state from sealed_secrets
