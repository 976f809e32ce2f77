"""Import of a school's own document: a file in, clauses out, nothing stored."""

from policy_kb.importing.document import ImportedDocument, read_document

__all__ = ["ImportedDocument", "read_document"]
