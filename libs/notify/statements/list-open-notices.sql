select condition, subject, since, told_at from notices where recovered_at is null order by since, condition, subject
