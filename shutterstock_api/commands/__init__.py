"""The command line: every operation as a command, and commands for larger tasks. Nothing imports this room.

* `program`: the root, its groups, and the handling of errors
* `names`: the names of groups and commands
* `operation_commands`: an operation of the contract as a command
* `arguments`: the options of a command, and the values of a call
* `settings`: options of all commands, and the client
* `output`: tables, JSON and JSON lines
* `exit_codes`: the exit status for each class of error
* `transfers`: `license` and `download`
* `accounts`: `login` and `check`
"""
