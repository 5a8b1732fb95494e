"""What `platon` can be asked for, by theme; each module adds its commands to the program."""
