select tx, position from reader_positions where reader = $1
