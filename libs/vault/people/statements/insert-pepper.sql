insert into people.peppers (sealed) values ($1) on conflict (one) do nothing
