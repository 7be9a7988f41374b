"""What the commands of `aftercare` do. Each module is loaded only when its command is called."""


class CommandFailed(Exception):
    """Tell the operator this sentence and end with status 1."""
