"""Lets papermill set the parameters of Go notebooks.

papermill asks a translator for the cell that sets them. It has none for Go, and finds
others only through its engines' entry points: so this module is the entry point of an
engine, which is papermill's own, and registers a translator when it is loaded.

A parameter is assigned to the variable that the cell tagged "parameters" declares, so that
it keeps the type of its default: 1 for a float64 stays one. A value that does not fit
the type, and a parameter without a default, fail in the injected cell.
"""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class Engine(NBClientEngine):
    """papermill's own, under the name locuslab."""


class GoTranslator(Translator):
    @classmethod
    def translate_none(cls, val):
        return "nil"

    @classmethod
    def translate_str(cls, val):
        # JSON's escapes are Go's; a byte order mark may not stand in Go source.
        return json.dumps(val, ensure_ascii=False).replace("\ufeff", "\\ufeff")

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "math.NaN()"
        if math.isinf(val):
            return "math.Inf(%d)" % (1 if val > 0 else -1)
        return repr(val)

    @classmethod
    def comment(cls, cmt_str):
        return "\n".join("// " + line for line in cmt_str.splitlines())

    @classmethod
    def assign(cls, name, str_val):
        return "%s = %s" % (name, str_val)

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        code = [cls.comment(comment)]
        for name, val in parameters.items():
            if isinstance(val, (list, dict)):
                code.append(cls.decode(name, val))
            else:
                code.append(cls.assign(name, cls.translate(val)))
        return "\n".join(code) + "\n"

    @classmethod
    def decode(cls, name, val):
        """Returns code that gives a variable of any type a list or dict. Keys and elements of
        the default do not stay, and an integer is not rounded on its way."""
        text = cls.translate_str(json.dumps(val, ensure_ascii=False, allow_nan=False))
        return (
            "%s = nil\n"
            "{\n"
            "\tdecoder := json.NewDecoder(strings.NewReader(%s))\n"
            "\tdecoder.UseNumber()\n"
            "\tif err := decoder.Decode(&%s); err != nil {\n"
            '\t\treturn fmt.Errorf("parameter %s: %%w", err)\n'
            "\t}\n"
            "}"
        ) % (name, text, name, name)

    DECLARATION = re.compile(r"^(?:var\s+)?(\w+)(?:\s+([^\s=:][^=:]*?))?\s*(:=|=)\s*(.+?)\s*(?://\s*(.*))?$")

    @classmethod
    def inspect(cls, parameters_cell):
        found = []
        for line in parameters_cell["source"].splitlines():
            m = cls.DECLARATION.match(line)
            if m and (m.group(3) == ":=" or line.startswith("var")):
                found.append(Parameter(m.group(1), m.group(2) or "None", m.group(4), m.group(5) or ""))
        return found


papermill_translators.register("go", GoTranslator)
papermill_translators.register("locuslab", GoTranslator)
