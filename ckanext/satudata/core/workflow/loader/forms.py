"""Forms: what has to be answered to pass a stage."""

from __future__ import annotations

from typing import Any, cast

from ckanext.satudata.core.workflow.definition import Choice, Form, Question
from ckanext.satudata.core.workflow.loader.values import Values

QUESTION = ("key", "label", "kind", "choices", "required", "stop")


def read_form(values: Values, key: str, body: dict[str, Any], path: str) -> Form:
    """One entry of ``forms``."""
    values.only(body, ("title", "questions"), path)
    questions: list[Question] = []
    for number, item in enumerate(values.items(body.get("questions"), f"{path}.questions")):
        at = f"{path}.questions[{number}]"
        question = _question(values, values.mapping(item, at), at)
        if any(other.key == question.key for other in questions):
            values.wrong(
                f"{at}.key",
                f"Pertanyaan `{question.key}` ada dua kali.",
                f"Question `{question.key}` is there twice.",
            )
        questions.append(question)
    return Form(key, values.words(body.get("title"), f"{path}.title"), tuple(questions))


def _question(values: Values, body: dict[str, Any], path: str) -> Question:
    values.only(body, QUESTION, path)
    kind = values.one_of(body.get("kind", "yes_no"), ("yes_no", "text", "number", "choice"), f"{path}.kind")
    choices = _choices(values, body.get("choices"), f"{path}.choices")
    if kind == "choice" and len(choices) < 2:
        values.wrong(
            path,
            "Tulis paling sedikit dua pilihan: `choices: [{value: …, label: {id: …, en: …}}, …]`.",
            "Write two choices or more: `choices: [{value: …, label: {id: …, en: …}}, …]`.",
        )
    if kind != "choice" and choices:
        values.wrong(
            f"{path}.choices",
            "`choices` hanya untuk `kind: choice`. Ubah `kind`, atau hapus bagian ini.",
            "`choices` are for `kind: choice` only. Change `kind`, or remove this part.",
        )
    return Question(
        key=values.name(body.get("key"), f"{path}.key"),
        label=values.words(body.get("label"), f"{path}.label"),
        kind=cast("Any", kind),
        choices=choices,
        required=values.flag(body.get("required", True), f"{path}.required"),
        stop=_stop(values, body.get("stop"), kind, choices, f"{path}.stop"),
    )


def _choices(values: Values, body: Any, path: str) -> tuple[Choice, ...]:
    if body is None:
        return ()
    found: list[Choice] = []
    for number, item in enumerate(values.items(body, path)):
        at = f"{path}[{number}]"
        entry = values.mapping(item, at)
        values.only(entry, ("value", "label"), at)
        value = values.name(_word(entry.get("value")), f"{at}.value")
        found.append(Choice(value, values.words(entry.get("label"), f"{at}.label")))
    return tuple(found)


def _stop(values: Values, body: Any, kind: str, choices: tuple[Choice, ...], path: str) -> str | None:
    if body is None:
        return None
    word = _word(body)
    allowed = {"yes_no": ["yes", "no"], "choice": [choice.value for choice in choices]}.get(kind, [])
    if word in allowed:
        return str(word)
    listed = ", ".join(f"`{answer}`" for answer in allowed)
    values.wrong(
        path,
        f"Jawaban yang menghentikan: {listed}." if listed else "`stop` hanya untuk `yes_no` dan `choice`.",
        f"Answers that stop: {listed}." if listed else "`stop` is for `yes_no` and `choice` only.",
    )
    return None


def _word(body: Any) -> Any:
    """YAML reads ``true`` as truth, and digits as numbers; here they are words."""
    if isinstance(body, bool):
        return "yes" if body else "no"
    return str(body) if isinstance(body, int) else body
