select grant_hash, version, wrapped_key, sealed from oauth_tokens where account = $1
