"""JSON schemas of messages and enums in the canonical JSON mapping, with the constraints of the field rules.

A message has up to two schemas: its own, and NAMEPatch, which is the body of a PATCH and demands nothing.
"""

from contract import FIELD, PACKAGE

WELL_KNOWN = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.FieldMask": {"type": "string", "maxLength": 4096},
}
SCALARS = {
    FIELD.TYPE_STRING: {"type": "string"},
    FIELD.TYPE_BYTES: {"type": "string", "format": "byte"},
    FIELD.TYPE_BOOL: {"type": "boolean"},
    FIELD.TYPE_INT32: {"type": "integer", "format": "int32"},
    FIELD.TYPE_UINT32: {"type": "integer", "format": "int64", "minimum": 0},
    FIELD.TYPE_INT64: {"type": "string", "format": "int64"},
}
# FieldRules.Format as formats of JSON schema, and patterns where the format is one.
FORMATS = {
    "UUID": {"format": "uuid", "pattern": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"},
    "DATE": {"format": "date", "pattern": "[0-9]{4}-[0-9]{2}-[0-9]{2}"},
    "EMAIL": {"format": "email"},
    "HTTP_URL": {"format": "uri"},
    "COUNTRY_CODE": {"pattern": "[A-Z]{2}"},
    "CURRENCY_CODE": {"pattern": "[A-Z]{3}"},
    "LOCALE": {"pattern": "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"},
    "COLOR": {"pattern": "#[0-9A-Fa-f]{6}"},
    "SHA256": {"pattern": "[0-9a-f]{64}"},
}


class Components:
    """The schemas that were asked for, each once, and those that they refer to."""

    def __init__(self, api):
        self.api = api
        self.done = {}
        self.rules_type = api.pool.FindMessageTypeByName(f"{PACKAGE}.FieldRules")

    def finish(self) -> dict:
        return {name: self.done[name] for name in sorted(self.done)}

    def message(self, message, patch=False) -> dict:
        """A reference to the message's schema."""
        if message.full_name in WELL_KNOWN:
            return dict(WELL_KNOWN[message.full_name])
        name = short_name(message) + ("Patch" if patch else "")
        if name not in self.done:
            self.done[name] = {}  # known by now to messages that hold themselves
            self.done[name] = self.object(message, patch)
        return ref(name)

    def object(self, message, patch=False, leave_out=()) -> dict:
        """The schema itself, without the fields in `leave_out`."""
        fields = [field for field in message.fields if field.name not in leave_out]
        schema = {"type": "object"}
        if text := self.api.text(message):
            schema["description"] = text
        required = [field.json_name for field in fields if self.api.rules(field).required and not patch]
        if required:
            schema["required"] = required
        schema["properties"] = {field.json_name: self.field(field, patch) for field in fields}
        choices = [oneof for oneof in message.oneofs if not oneof.name.startswith("_")]
        if choices:
            schema["oneOf"] = [{"required": [field.json_name]} for field in choices[0].fields]
        return schema

    def field(self, field, patch=False) -> dict:
        rules = self.api.rules(field)
        if is_map(field):
            schema = {"type": "object", "additionalProperties": self.value(field.message_type.fields_by_name["value"])}
        elif field.label == FIELD.LABEL_REPEATED:
            schema = {"type": "array", "items": self.value(field, may_be_empty=False)} | self.counts(rules)
        else:
            schema = self.value(field, patch)
        facts = {}
        if rules.output_only or rules.identifier:
            facts["readOnly"] = True
        if rules.input_only:
            facts["writeOnly"] = True
        if text := self.api.text(field):
            facts["description"] = text
        return describe(schema, facts)

    def value(self, field, patch=False, may_be_empty=True) -> dict:
        if field.message_type is not None:
            return self.message(field.message_type, patch)
        if field.enum_type is not None:
            return self.enum(field.enum_type)
        schema = dict(SCALARS[field.type])
        rules = self.api.rules(field)
        if field.type == FIELD.TYPE_STRING:
            schema |= self.string(rules, may_be_empty and not rules.required)
        elif field.type == FIELD.TYPE_BYTES and rules.max_length:
            schema["maxLength"] = (rules.max_length + 2) // 3 * 4
        if rules.HasField("min"):
            schema["minimum"] = rules.min
        if rules.HasField("max"):
            schema["maximum"] = rules.max
        return schema

    def string(self, rules, may_be_empty) -> dict:
        """In a body an optional string may be empty, which is the same as absent; no JSON format allows that."""
        schema = {}
        name = self.rules_type.enum_types_by_name["Format"].values_by_number[rules.format].name
        known = FORMATS.get(name, {})
        pattern = decimal_pattern(rules) if name == "DECIMAL" else rules.pattern or known.get("pattern", "")
        if "format" in known and not may_be_empty:
            schema["format"] = known["format"]
            pattern = ""
        least = max(rules.min_length, 1 if rules.required else 0)
        if least:
            schema["minLength"] = least
        if rules.max_length:
            schema["maxLength"] = rules.max_length
        if pattern:
            schema["pattern"] = f"^({pattern})?$" if may_be_empty else f"^({pattern})$"
        return schema

    @staticmethod
    def counts(rules) -> dict:
        schema = {}
        if rules.min_items:
            schema["minItems"] = rules.min_items
        if rules.max_items:
            schema["maxItems"] = rules.max_items
        return schema

    def enum(self, enum) -> dict:
        name = short_name(enum)
        if name not in self.done:
            given = [value for value in enum.values if value.number != 0]
            lines = [self.api.text(enum.containing_type if enum.name == "Value" else enum), ""]
            lines += [f"- `{value.name}`: {self.value_text(enum, value)}" for value in given]
            names = [value.name for value in given] + [enum.values_by_number[0].name]
            self.done[name] = {"type": "string", "description": "\n".join(lines), "enum": names}
        return ref(name)

    def value_text(self, enum, value) -> str:
        return self.api.comments.get(f"{enum.full_name}.{value.name}", "")


def decimal_pattern(rules) -> str:
    sign = "" if rules.non_negative or rules.positive else "-?"
    decimals = rules.max_decimals if rules.HasField("max_decimals") else 18
    return f"{sign}(0|[1-9][0-9]{{0,13}})" + (f"(\\.[0-9]{{1,{decimals}}})?" if decimals else "")


def is_map(field) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def short_name(descriptor) -> str:
    """Invoice.State is InvoiceState; Frequency.Value, an enum with a message for its scope, is Frequency."""
    parts = descriptor.full_name.removeprefix(PACKAGE + ".").split(".")
    return "".join(parts[:-1] if parts[-1] == "Value" else parts)


def ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def describe(schema: dict, facts: dict) -> dict:
    """A reference cannot have neighbours in OpenAPI 3.0, so it moves into allOf."""
    if facts and "$ref" in schema:
        return {"allOf": [schema]} | facts
    return schema | facts
