"""What the ``{quiz}`` directive leaves in a page's tree, for a screen and for paper to set."""

from docutils import nodes


class quiz_node(nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """A question: the first child holds it, the others are answers."""


class answer_node(nodes.Element):  # noqa: N801
    """An answer: its text, then its reply; ``right`` says whether it is the right one."""
