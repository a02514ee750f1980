"""The plugin: a table of contents that composes the slices and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels, DefaultTranslation

from ckanext.satudata.bridge import forms, refusals, slices, steady, unchanged, warm
from ckanext.satudata.interfaces import Effect, Fact, Gate, ISatudata, Subject

# The order matters where several slices hook the same moment: the guard of `publication` comes first.
SLICES = (
    "publication.withdrawals",  # looks at what is there before a takedown lets it go
    "publication",
    "publication.links",
    "publication.access",
    "publication.comparing",
    "publication.versions",
    "metadata",
    "reference",
    "people",
    "workflow",
    "qa",
    "qa.mending",
    "notices",
    "doctor",
    "demo",
)


@tk.blanket.config_declarations
class SatudataPlugin(
    p.SingletonPlugin,
    DefaultTranslation,
    DefaultPermissionLabels,
):
    p.implements(p.IConfigurer)  # templates, assets, defaults
    p.implements(p.IConfigurable)  # bridge/unchanged.py
    p.implements(p.IMiddleware, inherit=True)  # bridge/{warm,forms,refusals,steady}.py
    p.implements(p.ITranslation)  # i18n/
    p.implements(p.IActions)  # <slice>/logic/action.py
    p.implements(p.IAuthFunctions)  # <slice>/logic/auth.py
    p.implements(p.IValidators)  # <slice>/logic/validators.py
    p.implements(p.ITemplateHelpers)  # <slice>/helpers.py
    p.implements(p.IBlueprint)  # <slice>/views.py
    p.implements(p.IClick)  # cli.py
    p.implements(p.IPackageController, inherit=True)  # <slice>/hooks.py
    p.implements(p.IResourceController, inherit=True)  # <slice>/hooks.py
    p.implements(p.IPermissionLabels)  # publication/labels.py
    p.implements(p.IUploader, inherit=True)  # publication/uploader.py
    p.implements(ISatudata, inherit=True)  # <slice>/contributions.py

    # IConfigurer
    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "satudata")
        for configure in _each("configure", "update_config"):
            configure(config)

    # IConfigurable
    def configure(self, config: Any) -> None:  # noqa: ARG002 - as CKAN calls it
        unchanged.watch(model.ensure_engine())

    # IMiddleware
    def make_middleware(self, app: Any, config: Any) -> Any:  # noqa: ARG002
        warm.actions_and_rules()
        forms.protect_core(app)
        refusals.watch(app)
        steady.read(app)
        steady.dump(app)
        return app

    # ITranslation
    def i18n_directory(self) -> str:
        return str(Path(__file__).parent / "i18n")

    def i18n_domain(self) -> str:
        return "ckanext-satudata"

    def i18n_locales(self) -> list[str]:
        return sorted(folder.name for folder in Path(self.i18n_directory()).iterdir() if folder.is_dir())

    # IActions, IAuthFunctions, IValidators, ITemplateHelpers
    def get_actions(self) -> dict[str, Callable[..., Any]]:
        return refusals.logged(slices.functions(SLICES, "logic.action"))

    def get_auth_functions(self) -> dict[str, Callable[..., Any]]:
        return slices.functions(SLICES, "logic.auth")

    def get_validators(self) -> dict[str, Callable[..., Any]]:
        return slices.functions(SLICES, "logic.validators")

    def get_helpers(self) -> dict[str, Callable[..., Any]]:
        return slices.functions(SLICES, "helpers")

    # IBlueprint, IClick
    def get_blueprint(self) -> list[Any]:
        return slices.collected(SLICES, "views", "blueprints")

    def get_commands(self) -> list[Any]:
        from ckanext.satudata.cli import satudata

        return [satudata]

    # IPackageController, IResourceController
    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        return _pipe("before_dataset_index", pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        return _pipe("before_dataset_search", search_params)

    def after_dataset_search(self, search_results: dict[str, Any], search_params: dict[str, Any]) -> dict[str, Any]:
        for hook in _each("hooks", "after_dataset_search"):
            search_results = hook(search_results, search_params)
        return search_results

    def after_dataset_show(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        _tell("after_dataset_show", context, pkg_dict)

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        _tell("after_dataset_create", context, pkg_dict)

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        _tell("after_dataset_update", context, pkg_dict)

    def after_dataset_delete(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        _tell("after_dataset_delete", context, pkg_dict)

    def before_resource_show(self, resource_dict: dict[str, Any]) -> dict[str, Any]:
        return _pipe("before_resource_show", resource_dict)

    # IPermissionLabels
    def get_dataset_labels(self, dataset_obj: Any) -> list[str]:
        from ckanext.satudata.publication import labels

        return labels.dataset_labels(dataset_obj, super().get_dataset_labels(dataset_obj))

    def get_user_dataset_labels(self, user_obj: Any) -> list[str]:
        from ckanext.satudata.bridge import roles
        from ckanext.satudata.publication import labels

        ckans = super().get_user_dataset_labels
        who = ("labels", getattr(user_obj, "id", None))
        return list(roles.briefly(who, lambda: labels.user_labels(user_obj, ckans(user_obj))))

    # IUploader
    def get_resource_uploader(self, data_dict: dict[str, Any]) -> Any:
        from ckanext.satudata.publication import uploader

        return uploader.resource_uploader(data_dict)

    # ISatudata: what the slices contribute to each other
    def satudata_subjects(self) -> dict[str, Subject]:
        return _contributed("subjects")

    def satudata_facts(self) -> dict[str, Fact]:
        return _contributed("facts")

    def satudata_gates(self) -> dict[str, Gate]:
        return _contributed("gates")

    def satudata_effects(self) -> dict[str, list[Effect]]:
        merged: dict[str, list[Effect]] = {}
        for contribute in _each("contributions", "effects"):
            for transition, effects in contribute().items():
                merged.setdefault(transition, []).extend(effects)
        return merged

    def satudata_listeners(self) -> list[Effect]:
        return [function for contribute in _each("contributions", "listeners") for function in contribute()]

    def satudata_after_commit(self) -> list[Effect]:
        return [function for contribute in _each("contributions", "after_commit") for function in contribute()]

    def satudata_ticks(self) -> dict[str, Callable[[], object]]:
        return _contributed("ticks")


@cache
def _each(module_name: str, function_name: str) -> tuple[Callable[..., Any], ...]:
    return tuple(
        getattr(module, function_name)
        for module in slices.modules(SLICES, module_name)
        if hasattr(module, function_name)
    )


def _pipe(hook_name: str, value: dict[str, Any]) -> dict[str, Any]:
    for hook in _each("hooks", hook_name):
        value = hook(value)
    return value


def _tell(hook_name: str, *arguments: Any) -> None:
    for hook in _each("hooks", hook_name):
        hook(*arguments)


def _contributed(kind: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for contribute in _each("contributions", kind):
        for name, value in contribute().items():
            if name in merged:
                raise ValueError(f"{kind}: '{name}' is contributed by two slices")
            merged[name] = value
    return merged
