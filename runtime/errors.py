"""The one exception that means "tell the user, in one line": bad input, not a defect."""


class UserError(Exception):
    """Something is wrong with what the user asked for; the text is the whole message.

    Interface: one line, no full stop needed, says what and where; the command prints it on stderr
    as it is and ends with exit code 1.
    """
