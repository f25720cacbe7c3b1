select name, wrapped_key, sealed from sealed_secrets
