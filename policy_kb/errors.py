"""What can be wrong with a policy, said in one sentence each."""


class PolicyError(Exception):
    """A policy cannot be used as it is; the text is fit to be shown to a person."""


class PackError(PolicyError):
    """A pack is refused; names the file and the line."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}")
        self.file, self.line, self.problem = file, line, problem
