"""Answers to a form: what is missing, what cannot be understood, what forbids to pass."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.definition import Form, Question

WORDS = {
    "yes": frozenset({"yes", "ya", "true", "1"}),
    "no": frozenset({"no", "tidak", "false", "0"}),
}
YES_NO = {"yes": Text("Ya", "Yes"), "no": Text("Tidak", "No")}

UNANSWERED = Text("“{question}” belum dijawab.", "“{question}” is not answered.")
UNREADABLE = {
    "yes_no": Text("“{question}”: jawab ya atau tidak.", "“{question}”: answer yes or no."),
    "number": Text("“{question}”: tulis angka.", "“{question}”: write a number."),
    "choice": Text("“{question}”: pilih salah satu jawaban yang ada.", "“{question}”: choose one of the answers."),
    "text": Text("“{question}”: tulis teks.", "“{question}”: write a text."),
}
STOPS = Text(
    "Belum bisa disetujui: “{question}” dijawab “{answer}”. Kembalikan dengan catatan.",
    "This cannot be passed: “{question}” is answered “{answer}”. Return it with a note.",
)
UNKNOWN = Text("Pertanyaan “{key}” tidak ada dalam formulir ini.", "This form has no question “{key}”.")


def is_blank(answer: Any) -> bool:
    """Whether nothing was answered; ``False`` and 0 are answers."""
    return answer is None or (isinstance(answer, str) and not answer.strip())


def understood(question: Question, answer: Any) -> str | None:
    """The answer in plain form: ``yes``, ``no``, a number, the value of a choice, a text; ``None`` if it is none."""
    word = str(answer).strip()
    match question.kind:
        case "yes_no":
            return next((name for name, words in WORDS.items() if word.lower() in words), None)
        case "number":
            return word if not isinstance(answer, bool) and _is_number(word) else None
        case "choice":
            return word if any(choice.value == word for choice in question.choices) else None
        case "text":
            return word if isinstance(answer, str) else None


def answer_label(question: Question, answer: str) -> Text:
    """An understood answer in words."""
    if question.kind == "yes_no" and answer in YES_NO:
        return YES_NO[answer]
    found = next((choice.label for choice in question.choices if choice.value == answer), None)
    return found or Text(answer.replace("{", "{{").replace("}", "}}"), answer.replace("{", "{{").replace("}", "}}"))


def refusals(form: Form, answers: Mapping[str, Any]) -> list[Reason]:
    """Why a stage with this form cannot be passed with these answers; ``field`` of a reason is the question."""
    found: list[Reason] = []
    known = {question.key for question in form.questions}
    found += [reason("question_unknown", UNKNOWN, field=key, key=key) for key in answers if key not in known]
    for question in form.questions:
        answer = answers.get(question.key)
        if is_blank(answer):
            if question.required:
                found.append(reason("unanswered", UNANSWERED, field=question.key, question=question.label))
            continue
        said = understood(question, answer)
        if said is None:
            found.append(
                reason("answer_unreadable", UNREADABLE[question.kind], field=question.key, question=question.label)
            )
        elif said == question.stop:
            label = answer_label(question, said)
            found.append(reason("answer_stops", STOPS, field=question.key, question=question.label, answer=label))
    return found


def _is_number(word: str) -> bool:
    try:
        return math.isfinite(float(word.replace(",", ".", 1)))
    except ValueError:
        return False
