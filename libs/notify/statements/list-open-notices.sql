select condition, subject, since, told_at, telling, claim, claimed_at from notices where recovered_at is null order by since, condition, subject
