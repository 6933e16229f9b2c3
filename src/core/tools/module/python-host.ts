/**
 * The process of a Python adapter (SPEC §5.5), written to the state folder before it is used: one request on stdin, one answer on
 * stdout, then the end. What the adapter prints goes to stdout as well; the answer is told apart by its id. Python 3.9 and later.
 */
export const PYTHON_HOST = String.raw`import atexit, asyncio, dataclasses, importlib.util, inspect, json, os, signal, sys, traceback, types, typing

TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}
UNIONS = tuple(kind for kind in (typing.Union, getattr(types, "UnionType", None)) if kind is not None)


class HostFailure(Exception):
    def __init__(self, code, message, cause=None):
        super().__init__(message)
        self.code = code
        self.cause = cause


def operation(name=None, **options):
    """@operation, @operation("name") or @operation(read_only=True): a method that may be called."""

    def mark(target, label=None):
        target.__aiworkflow_operation__ = dict(options, name=label or getattr(target, "__name__", ""))
        return target

    if callable(name):
        return mark(name)
    return lambda target: mark(target, name)


def load(path):
    api = types.ModuleType("aiworkflow")
    api.operation = operation
    sys.modules["aiworkflow"] = api
    sys.path[0] = os.path.dirname(path)
    spec = importlib.util.spec_from_file_location("adapter", path)
    module = importlib.util.module_from_spec(spec)
    module.operation = operation
    sys.modules["adapter"] = module
    spec.loader.exec_module(module)
    kind = getattr(module, "Adapter", None)
    return kind() if inspect.isclass(kind) else module


def collect(target):
    found = {}
    for name in dir(target):
        if name.startswith("__") or isinstance(inspect.getattr_static(target, name, None), property):
            continue
        value = getattr(target, name, None)
        if not callable(value) or value is operation:
            continue
        mark = getattr(value, "__aiworkflow_operation__", None)
        if isinstance(mark, dict):
            found[mark.get("name") or name] = value
        elif name.startswith("op_") and len(name) > 3:
            found[name[3:]] = value
        elif getattr(value, "is_operation", False) is True or getattr(value, "_is_operation", False) is True:
            found[name] = value
    listed = getattr(target, "operations", None)
    if isinstance(listed, (list, tuple, set, str)):
        raise TypeError("operations must be a dict of names and functions")
    for name, value in listed.items() if isinstance(listed, dict) else ():
        value = getattr(target, value, None) if isinstance(value, str) else value
        if callable(value):
            found[str(name)] = value
    return found


def schema_of(kind):
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return schema_of(typing.get_args(kind)[0])
    if origin in UNIONS:
        inner = [one for one in typing.get_args(kind) if one is not type(None)]
        return schema_of(inner[0]) if len(inner) == 1 else {"type": "string"}
    if origin is typing.Literal:
        values = list(typing.get_args(kind))
        return dict(schema_of(type(values[0])), enum=values)
    return {"type": TYPES.get(origin if origin in TYPES else kind, "string")}


def parameters_of(function):
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception:
        hints = getattr(function, "__annotations__", {})
    properties, required, is_open = {}, [], False
    for name, one in signature.parameters.items():
        if one.kind is one.VAR_KEYWORD:
            is_open = True
        if one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL, one.POSITIONAL_ONLY):
            continue
        properties[name] = schema_of(hints.get(name, str))
        if one.default is one.empty:
            required.append(name)
        elif isinstance(one.default, (str, int, float, bool, list, dict)):
            try:
                json.dumps(one.default, allow_nan=False)
                properties[name]["default"] = one.default
            except (TypeError, ValueError):
                pass
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": is_open}


def describe(operations):
    listed = []
    for name, function in operations.items():
        mark = getattr(function, "__aiworkflow_operation__", {})
        told = mark.get("description") or (inspect.getdoc(function) or "").split("\n\n")[0]
        listed.append({
            "name": name,
            "description": told,
            "parameters": parameters_of(function),
            "readOnly": bool(mark.get("read_only", getattr(function, "read_only", False))),
            "idempotent": bool(mark.get("idempotent", getattr(function, "idempotent", False))),
        })
    return {"operations": listed, "schema": None}


def plain(value):
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if callable(getattr(value, "model_dump", None)):
        return value.model_dump()
    return str(value)


async def wait_for(result):
    return await result


def call(operations, name, parameters):
    function = operations.get(name)
    if function is None:
        raise HostFailure(-32601, ", ".join(operations))
    try:
        inspect.signature(function).bind(**parameters)
    except TypeError as error:
        raise HostFailure(-32602, str(error), error)
    except ValueError:
        pass
    result = function(**parameters)
    return asyncio.run(wait_for(result)) if inspect.isawaitable(result) else result


def answer(request):
    params = request["params"]
    try:
        operations = collect(load(params["adapter"]))
    except Exception as error:
        raise HostFailure(-32001, str(error), error)
    if request["method"] == "describe":
        return describe(operations)
    return call(operations, params["operation"], params["parameters"])


def encode(request, **fields):
    return json.dumps(dict({"jsonrpc": "2.0", "id": request["id"]}, **fields), separators=(",", ":"), default=plain)


def failure(request, error):
    code = error.code if isinstance(error, HostFailure) else -32000
    cause = (error.cause or error) if isinstance(error, HostFailure) else error
    if not isinstance(cause, HostFailure):
        traceback.print_exception(type(cause), cause, cause.__traceback__)
    data = {"type": type(cause).__name__}
    return encode(request, error={"code": code, "message": str(error)[:16384], "data": data})


def respond(request):
    try:
        result = answer(request)
    except Exception as error:
        return failure(request, error)
    try:
        return encode(request, result=result)
    except (TypeError, ValueError, RecursionError) as error:
        return failure(request, HostFailure(-32002, str(error), error))


def stop(*_):
    raise SystemExit(143)


def main():
    signal.signal(signal.SIGTERM, stop)
    request = json.loads(sys.stdin.buffer.read())
    line = respond(request)
    sys.stdout.flush()
    sys.stderr.flush()
    data = ("\n" + line + "\n").encode("ascii")
    while data:
        data = data[os.write(1, data):]
    # Threads of the adapter that still run have nothing to say any more.
    atexit._run_exitfuncs()
    os._exit(0)


main()
`;
