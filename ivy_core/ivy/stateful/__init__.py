"""Trainable modules: the hub form that every framework's modules are converted through."""

from __future__ import annotations

from ivy.stateful.module import Module, to_ivy_module
from ivy.stateful.sync import SyncReport, sync_weights

__all__ = ["Module", "SyncReport", "sync_weights", "to_ivy_module"]
