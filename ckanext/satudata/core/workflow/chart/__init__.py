"""A definition as a picture: who acts after whom, until when, and where a return goes.

``here`` marks the present place: the key of a stage, or a state (``draft``, ``revision``, ``verified``, ``published``).
"""

from ckanext.satudata.core.workflow.chart.mermaid import mermaid
from ckanext.satudata.core.workflow.chart.svg import svg

__all__ = ("mermaid", "svg")
