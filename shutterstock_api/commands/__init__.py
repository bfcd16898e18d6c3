"""The command line: every operation as a command, and commands for whole tasks. Nothing imports this room.

* `program`: the root, its groups, and what becomes of an error
* `names`: what groups and commands are called
* `operation_commands`: an operation of the contract as a command
* `arguments`: its options, and the values that a call gets
* `settings`: options that all commands have, and the client that they make
* `output`: tables, JSON and JSON lines
* `exit_codes`: the exit status for each class of error
* `transfers`: `license` and `download`
* `accounts`: `login` and `check`
"""
