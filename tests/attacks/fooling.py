"""Earning without knowing: what judges is not there to be changed, and answers are only numbers."""

from tests.attacks.attack import Attack, body

ATTACKS = (
    Attack(
        "np.testing overridden", "no more", top="import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None"
    ),
    Attack(
        "np.allclose overridden",
        "no more",
        top="import numpy as np\nnp.allclose = np.array_equal = lambda *a, **k: True",
    ),
    Attack("check overridden", "no more", end="check = lambda *a, **k: None"),
    Attack(
        "check's module overridden",
        "no more",
        top=(
            "import sys, course_lib.checks as c\n"
            "c.check = c.judge = lambda *a, **k: True\n"
            "sys.modules['course_lib.checks'] = c"
        ),
    ),
    Attack(
        "IPython turns cells into pass",
        "no more",
        top=(
            "def empty(lines):\n    return ['pass'] if 'check(' in ''.join(lines) else lines\n"
            "get_ipython().input_transformers_cleanup.append(empty)"
        ),
    ),
    Attack(
        "builtins overridden", "no more", end="import builtins\nbuiltins.AssertionError = builtins.abs = lambda *a: 0"
    ),
    Attack(
        "an array that equals everything",
        "no more",
        gd_step=(
            "class Yes(np.ndarray):\n"
            "    __array_priority__ = 1e9\n"
            "    def __eq__(self, other): return True\n"
            "    def __sub__(self, other): return np.zeros(self.shape)\n"
            "    __rsub__ = __sub__\n"
            "    def __array_ufunc__(self, *a, **k): return True\n"
        )
        + body("return np.array(w).view(Yes), GDState(state.t + 1)"),
    ),
    Attack(
        "a float that equals everything",
        "no more",
        gd_step="class Yes(float):\n    def __eq__(self, other): return True\n    __hash__ = None\n"
        + body("return Yes(0), GDState(Yes(0))"),
    ),
    Attack(
        "an object whose __array__ changes",
        "no more",
        gd_step=(
            "class Yes:\n    dtype = np.dtype(float)\n    shape = ()\n"
            "    def __array__(self, *a, **k): return np.random.normal(size=3)\n"
        )
        + body("return Yes(), GDState(state.t + 1)"),
    ),
    Attack("nan", "no more", gd_step=body("return w * np.nan, GDState(state.t + 1)")),
    Attack("inf", "no more", gd_step=body("return w * np.inf, GDState(state.t + 1)")),
    Attack("text", "no more", gd_step=body("return 'right', GDState(state.t + 1)")),
    Attack("complex numbers", "no more", gd_step=body("return w + 0j, GDState(state.t + 1)")),
    Attack("an endless integer", "no more", gd_step=body("return w, GDState(10 ** 5000)")),
    Attack(
        "asserts taken out of every cell",
        "no more",
        top=(
            "import ast\nclass NoAsserts(ast.NodeTransformer):\n"
            "    def visit_Assert(self, node): return ast.Pass()\n"
            "get_ipython().ast_transformers.append(NoAsserts())"
        ),
    ),
    Attack(
        "a hook after every cell puts its own check back",
        "no more",
        top=(
            "def fake(*_):\n    get_ipython().user_ns['check'] = lambda *a, **k: True\n"
            "get_ipython().events.register('pre_run_cell', fake)\n"
            "get_ipython().events.register('post_run_cell', fake)"
        ),
    ),
    Attack(
        "open, print and assert's error replaced",
        "full",
        end="import builtins\nbuiltins.open = builtins.print = builtins.AssertionError = None",
    ),
    Attack(
        "isinstance always says yes",
        "no more",
        end="import builtins\nbuiltins.callable = builtins.all = lambda *a: True",
    ),
    Attack(
        "__torch_function__ and __array_function__ say yes",
        "no more",
        gd_step=(
            "class Yes:\n    shape, dtype, ndim, size = (), np.dtype(float), 0, 1\n"
            "    def __array_function__(self, *a, **k): return True\n"
            "    @classmethod\n    def __torch_function__(cls, *a, **k): return True\n"
            "    def __array_ufunc__(self, *a, **k): return True\n"
        )
        + body("return Yes(), GDState(state.t + 1)"),
    ),
    Attack(
        "a tensor that equals everything",
        "none",
        gd_step=(
            "import torch\nclass Yes(torch.Tensor):\n    def __eq__(self, other): return True\n"
            + body("return Yes(w), GDState(state.t + 1)")
        ),
    ),
    Attack(
        "an integer that equals everything",
        "no more",
        gd_step="class Yes(int):\n    def __eq__(self, other): return True\n    __hash__ = None\n"
        + body("return w, GDState(Yes(0))"),
    ),
    Attack(
        "a state that equals everything",
        "no more",
        gd_step="class Yes(GDState):\n    def __eq__(self, other): return True\n    __hash__ = None\n"
        + body("return w, Yes(state.t + 1)"),
    ),
    Attack(
        "an array with everything masked",
        "no more",
        gd_step=body("return np.ma.masked_all_like(w), GDState(state.t + 1)"),
    ),
    Attack("dates", "none", gd_step=body("return np.zeros(np.shape(w), 'datetime64[s]'), GDState(state.t + 1)")),
    Attack("numbers as text", "none", gd_step=body("return np.asarray(w - lr * g).astype(str), GDState(state.t + 1)")),
    Attack("objects in an array", "none", gd_step=body("return np.array([object()]), GDState(state.t + 1)")),
    Attack("negative numbers", "no more", gd_step=body("return -abs(w), GDState(-state.t)")),
    Attack("huge numbers", "no more", gd_step=body("return w * 0 + 1e300, GDState(2**62)")),
    Attack(
        "an empty array, of which all entries are right",
        "no more",
        gd_step=body("return np.zeros((0,)), GDState(state.t + 1)"),
    ),
    Attack(
        "a shape that broadcasts", "no more", gd_step=body("return np.asarray(w)[None, None], GDState(state.t + 1)")
    ),
    Attack("a generator in place of a function", "none", gd_step=body("yield w")),
    Attack("a coroutine", "none", gd_step="async " + body("return w, GDState(state.t + 1)")),
    Attack("nothing", "none", gd_step=body("return None")),
    Attack("a class in place of a function", "none", gd_step="class gd_step:\n    def __init__(self, *a, **k): pass"),
    Attack(
        "changes its inputs until its answer fits",
        "no more",
        gd_step=body("w[...] = 0\ng[...] = 0\nreturn w, GDState(state.t + 1)"),
    ),
    Attack(
        "right on every second call",
        "no more",
        gd_step="calls = []\n"
        + body("calls.append(1)\nif len(calls) % 2:\n    return w - lr * g, GDState(state.t + 1)"),
    ),
    Attack(
        "gives its first answer for ever",
        "no more",
        gd_step="known = []\n" + body("known.append(w - lr * g)\nreturn known[0], GDState(state.t + 1)"),
    ),
    Attack(
        "remembers its first right answer to every shape",
        "none",
        gd_step="known = {{}}\n"
        + body("known.setdefault(np.shape(w), w - lr * g)\nreturn known[np.shape(w)], GDState(state.t + 1)"),
    ),
    Attack(
        "remembers its first right answer to every shape and lr",
        "none",
        gd_step="known = {{}}\n"
        + body("key = np.shape(w), lr\nknown.setdefault(key, w - lr * g)\nreturn known[key], GDState(state.t + 1)"),
    ),
    Attack(
        "remembers its first right answer to every gradient",
        "none",
        gd_step="known = {{}}\n"
        + body("key = g.tobytes(), lr\nknown.setdefault(key, w - lr * g)\nreturn known[key], GDState(state.t + 1)"),
    ),
    Attack(
        "counts calls in place of the state",
        "no more",
        gd_step="calls = []\n" + body("calls.append(1)\nreturn w, GDState(len(calls))"),
    ),
    Attack("gives its cell a thousand points", "full", claims={"points": 1000}),
    Attack("makes its test cell one that a person grades", "full", claims={"solution": True, "locked": False}),
    Attack("gives its test cell another schema", "full", claims={"schema_version": 99, "grade": "yes"}),
)
