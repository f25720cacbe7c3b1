delete from account_states where partner = $1 and process = $2 and not integration = any($3::text[])
