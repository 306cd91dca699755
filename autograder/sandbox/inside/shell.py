"""IPython without a kernel: a cell goes in, the notebook outputs that it would have come out."""

import io
import sys
from typing import Any, cast

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any as AnyTrait
from traitlets.config import Config

Output = dict[str, Any]


class Recorder:
    """The outputs of the running cell, in order, up to a limit in characters."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.start()

    def start(self) -> None:
        self.outputs: list[Output] = []
        self.used = 0
        self.clear_next = False

    def stream(self, name: str, text: str) -> None:
        text = text[: max(0, self.limit - self.used)]
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name and not self.clear_next:
            last["text"].append(text) if text else None
            self.used += len(text) + 1
        elif text:
            self.add({"output_type": "stream", "name": name, "text": [text]}, len(text))

    def add(self, output: Output, size: int) -> None:
        if self.clear_next:
            self.outputs, self.used, self.clear_next = [], 0, False
        self.used += size + 50
        if self.used <= self.limit + 100:
            self.outputs.append(output)

    def data(self, kind: str, data: dict[str, Any], metadata: dict[str, Any], **extra: Any) -> None:
        self.add(
            {"output_type": kind, "data": data, "metadata": metadata} | extra, sum(len(str(v)) for v in data.values())
        )

    def finish(self) -> list[Output]:
        for output in self.outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        if self.used > self.limit:
            note = f"\n[The output of this cell was cut at {self.limit} characters.]\n"
            self.outputs.append({"output_type": "stream", "name": "stdout", "text": note})
        return self.outputs


class _Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a notebook."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self._recorder, self._name = recorder, name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.stream(self._name, text)
        return len(text)

    def writable(self) -> bool:
        return True


class _Publisher(DisplayPublisher):
    recorder = AnyTrait()

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **_: Any) -> None:
        self.recorder.data("display_data", dict(data), dict(metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        if wait:
            self.recorder.clear_next = True
        else:
            self.recorder.start()


class _Hook(DisplayHook):
    recorder = AnyTrait()

    def write_output_prompt(self) -> None:
        pass

    def finish_displayhook(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.recorder.data("execute_result", dict(format_dict), dict(md_dict or {}), execution_count=self.prompt_count)


class Shell(InteractiveShell):
    """IPython's ``InteractiveShell`` that records instead of printing."""

    recorder = AnyTrait()

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        ename, text = getattr(etype, "__name__", "Error"), _text(evalue)
        lines = [str(line) for line in stb]
        self.recorder.add(
            {"output_type": "error", "ename": ename, "evalue": text, "traceback": lines}, sum(map(len, lines))
        )

    def init_display_pub(self) -> None:
        self.display_pub: Any = _Publisher(parent=self, shell=self)

    def ask_exit(self) -> None:
        """``exit`` and ``quit`` end nothing here, as in Jupyter without a front end."""

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window to draw in."""


def make_shell(output_limit: int) -> Shell:
    """A shell with inline plots, no history on disk and no thread of its own."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    shell: Any = Shell.instance(config=config, colors="nocolor", displayhook_class=_Hook)
    recorder = Recorder(output_limit)
    shell.recorder = shell.display_pub.recorder = shell.displayhook.recorder = recorder
    shell.enable_matplotlib("inline")
    return cast(Shell, shell)


def run_cell(shell: Shell, source: str) -> tuple[list[Output], BaseException | None]:
    """The outputs of a cell and the error that ended it, if one did."""
    shell.recorder.start()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Stream(shell.recorder, "stdout"), _Stream(shell.recorder, "stderr")
    try:
        result = shell.run_cell(source, store_history=True)
    finally:
        sys.stdout, sys.stderr = before
    return shell.recorder.finish(), result.error_before_exec or result.error_in_exec


def _text(error: Any) -> str:
    try:
        return str(error)
    except Exception:
        return "(its message cannot be read)"
