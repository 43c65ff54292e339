"""Numba's own form of a rule, before types are found: checked operators in it, and what has another form compiled."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from numba import _dynfunc
from numba.core import ir, typed_passes, untyped_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, _LowerResult
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.ir_utils import build_definitions, mk_unique_var, simplify_CFG

from munirules.engine.decision import refuse
from munirules.tables.kernel.arithmetic import BINARY, BUILTINS, negative
from munirules.tables.kernel.types import Text, is_named_tuple


class Refused(Exception):
    """A rule refused, or raised what it raises in Python: the row is decided again there."""


@register_pass(mutates_CFG=True, analysis_only=False)
class RuleRewrite(FunctionPass):
    """Puts checked operators, texts and refusals into the form of a rule that numba compiles."""

    _name = "munirules_rule_rewrite"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Rewrite a function."""
        function = state.func_ir
        made = getattr(state.func_id.func, "__tuples__", False)
        for block in function.blocks.values():
            _rewrite(block, function, lists=made)
        function.blocks = simplify_CFG(function.blocks)
        function._definitions = build_definitions(function.blocks)
        return True


def _rewrite(block: Any, function: Any, *, lists: bool) -> None:
    body: list[Any] = []
    for statement in block.body:
        if isinstance(statement, ir.Assign):
            value = statement.value
            if _refuses(value, function):
                body.append(ir.StaticRaise(Refused, (), statement.loc))
                block.body = [*_deletes(body[:-1]), body[-1]]
                return
            if isinstance(value, (ir.Global, ir.FreeVar)) and is_named_tuple(type(value.value)):
                _fixed(value, block, body, statement)
                continue
            statement.value = _replaced(value, lists=lists)
        elif isinstance(statement, (ir.Raise, ir.StaticRaise, ir.DynamicRaise)):
            block.body = [ir.StaticRaise(Refused, (), statement.loc)]
            return
        body.append(statement)
    block.body = body


def _fixed(value: Any, block: Any, body: list[Any], statement: Any) -> None:
    """A record that stands in a module is made anew, each field as it is annotated."""
    from munirules.tables.kernel.functions import constructor

    maker = ir.Var(block.scope, mk_unique_var("$maker"), value.loc)
    body.append(ir.Assign(ir.Global(value.name, constructor(type(value.value)), value.loc), maker, value.loc))
    args = []
    for own in value.value:
        given = ir.Var(block.scope, mk_unique_var("$made"), value.loc)
        body.append(ir.Assign(_replaced(ir.Const(own, value.loc), lists=False), given, value.loc))
        args.append(given)
    body.append(ir.Assign(ir.Expr.call(maker, args, (), value.loc), statement.target, value.loc))


def _deletes(statements: list[Any]) -> list[Any]:
    """Of what comes before a refusal nothing is needed."""
    return [own for own in statements if isinstance(own, ir.Del)]


def _refuses(value: Any, function: Any) -> bool:
    if not (isinstance(value, ir.Expr) and value.op == "call"):
        return False
    found = function._definitions.get(value.func.name, ())
    return any(isinstance(own, (ir.Global, ir.FreeVar)) and own.value is refuse for own in found)


def _replaced(value: Any, *, lists: bool) -> Any:
    if isinstance(value, ir.Expr):
        if value.op in ("binop", "inplace_binop"):
            if value.fn in BINARY:
                return _operator(value)
        elif value.op == "unary" and getattr(value.fn, "__name__", "") == "neg":
            return ir.Expr(op="unary", loc=value.loc, fn=negative, value=value.value)
        elif value.op == "build_tuple" and lists and value.items:
            return ir.Expr.build_list(value.items, value.loc)
    elif isinstance(value, ir.Const):
        if isinstance(value.value, str):
            return ir.Global("text", Text(value.value), value.loc)
        if isinstance(value.value, IntEnum):
            return ir.Const(int(value.value), value.loc)
    elif isinstance(value, (ir.Global, ir.FreeVar)):
        own = value.value
        if isinstance(own, str):
            return ir.Global(value.name, Text(own), value.loc)
        if isinstance(own, IntEnum):
            return ir.Const(int(own), value.loc)
        if own.__hash__ and own in BUILTINS:
            return ir.Global(value.name, BUILTINS[own], value.loc)
    return value


def _operator(value: Any) -> Any:
    return ir.Expr(
        op="binop",
        loc=value.loc,
        fn=BINARY[value.fn],
        lhs=value.lhs,
        rhs=value.rhs,
        static_lhs=ir.UNDEFINED,
        static_rhs=ir.UNDEFINED,
    )


class RuleCompiler(CompilerBase):
    """Numba's pipeline with the rewrite in it, and without what rules never need."""

    def define_pipelines(self) -> list[Any]:
        """The passes."""
        passes = PassManager("rule")
        for own, told in (
            (untyped_passes.TranslateByteCode, "analyzing bytecode"),
            (untyped_passes.FixupArgs, "fix up args"),
            (untyped_passes.IRProcessing, "processing IR"),
            (untyped_passes.InlineClosureLikes, "inline comprehensions"),
            (RuleRewrite, "checked operators"),
            (untyped_passes.GenericRewrites, "nopython rewrites"),
            (untyped_passes.RewriteDynamicRaises, "rewrite dynamic raises"),
            (untyped_passes.ReconstructSSA, "ssa"),
        ):
            passes.add_pass(own, told)
        passes.add_pass(typed_passes.NopythonTypeInference, "nopython frontend")
        passes.add_pass(typed_passes.PreLowerStripPhis, "remove phis nodes")
        passes.passes.extend(lowering_passes(self.state, RuleLowering))
        passes.finalize()
        return [passes]


class KernelCompiler(CompilerBase):
    """Numba's own pipeline, with a kernel and all that it reaches put together in one go."""

    def define_pipelines(self) -> list[Any]:
        """The passes."""
        passes = DefaultPassBuilder.define_untyped_pipeline(self.state)
        passes._finalized = False
        passes.passes.extend(DefaultPassBuilder.define_typed_pipeline(self.state).passes)
        passes.passes.extend(lowering_passes(self.state, KernelLowering))
        passes.finalize()
        return [passes]


def lowering_passes(state: Any, lowering: Any) -> list[Any]:
    """Numba's passes from types to machine code, with another one that writes the code."""
    passes = DefaultPassBuilder.define_nopython_lowering_pipeline(state).passes
    return [(lowering, told) if own is typed_passes.NativeLowering else (own, told) for own, told in passes]


class RuleLibrary(JITCodeLibrary):
    """The code of a rule: kept as it was written, to be put together and optimised with the kernel that calls it."""

    def finalize(self) -> None:
        """Keep the code."""
        self._raise_if_finalized()
        self._finalized = True


class KernelLibrary(JITCodeLibrary):
    """The code of a kernel, with that of every rule and helper that it reaches."""

    _linking_libraries: list[Any]

    def finalize(self) -> None:
        """Put it together, optimise it once and make it ready."""
        found = dict.fromkeys(self._linking_libraries)
        waiting = list(found)
        while waiting:
            for own in waiting.pop()._linking_libraries:
                if own not in found:
                    found[own] = None
                    waiting.append(own)
        self._linking_libraries = list(found)
        super().finalize()


@register_pass(mutates_CFG=True, analysis_only=False)
class KernelLowering(typed_passes.NativeLowering):
    """Writes the code of a kernel."""

    _name = "munirules_kernel_lowering"

    def run_pass(self, state: Any) -> bool:
        """Write it."""
        state.library = KernelLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return bool(super().run_pass(state))


@register_pass(mutates_CFG=True, analysis_only=False)
class RuleLowering(typed_passes.NativeLowering):
    """Writes the code of a rule, which nobody calls but a kernel."""

    _name = "munirules_rule_lowering"

    def run_pass(self, state: Any) -> bool:
        """Write it, and make it known to those who call it."""
        state.library = RuleLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        described = lowered.fndesc
        key = _dynfunc.make_function(
            described.lookup_module(), described.unique_name, "", 0, lowered.env, (state.library,)
        )
        state.targetctx.insert_user_function(key, lowered.fndesc, [state.library])
        state["cr"] = _LowerResult(lowered.fndesc, lowered.call_helper, cfunc=key, env=lowered.env)
        return True
