"""Operations from the protos' HTTP rules: parameters, bodies, answers and errors."""

import re

from contract import FIELD, json_name
from schemas import short_name

ROLES = {"READ": "VIEWER", "WRITE": "FINANCE", "ADMIN": "ADMIN"}
VERBS = ("get", "put", "post", "delete", "patch")
VARIABLE = re.compile(r"\{([a-z0-9_.]+)\}")


def tags(api) -> list:
    services = [service for service in api.services if routed(api, service)]
    return [{"name": service.name, "description": api.text(service)} for service in services]


def routed(api, service) -> list:
    return [method for method in service.methods if api.has_option(method, "http")]


def build(api, components) -> dict:
    found = {}
    shapes = {}
    for service in api.services:
        for method in routed(api, service):
            verb, template, body = read_rule(api, method)
            path = VARIABLE.sub(lambda m: "{" + last_name(m[1]) + "}", template)
            shape = VARIABLE.sub("{}", template)
            if shapes.setdefault(shape, path) != path:
                raise SystemExit(f"{path} and {shapes[shape]} differ only in the names of their variables")
            operations = found.setdefault(path, {})
            if verb in operations:
                raise SystemExit(f"{method.full_name}: {verb} {path} is taken")
            operations[verb] = Operation(api, components, method, verb, VARIABLE.findall(template), body).build()
    unique([operation["operationId"] for operations in found.values() for operation in operations.values()])
    return {path: found[path] for path in sorted(found)}


def read_rule(api, method):
    rule = api.option(method, "http")
    verb = rule.WhichOneof("pattern")
    if verb not in VERBS or rule.additional_bindings:
        raise SystemExit(f"{method.full_name}: its HTTP rule is none that the document can show")
    return verb, getattr(rule, verb), rule.body


def last_name(variable: str) -> str:
    return json_name(variable.split(".")[-1])


def unique(names: list):
    for name in names:
        if names.count(name) > 1:
            raise SystemExit(f"two methods are called {name}")


class Operation:
    def __init__(self, api, components, method, verb, variables, body):
        self.api, self.components, self.method = api, components, method
        self.verb, self.variables, self.body = verb, variables, body
        self.text = api.text(method)
        self.is_change = api.is_change(method)

    def build(self) -> dict:
        name = self.method.name
        operation = {
            "tags": [self.method.containing_service.name],
            "operationId": name[0].lower() + name[1:],
            "summary": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize(),
            "description": f"{self.text}\n\nNeeds the role {ROLES[self.api.access(self.method)]}.",
        }
        if parameters := self.parameters():
            operation["parameters"] = parameters
        if self.body:
            content = {"application/json": {"schema": self.body_schema()}}
            operation["requestBody"] = {"required": True, "content": content}
        return operation | {"responses": self.responses()}

    def parameters(self) -> list:
        found = [self.parameter(self.field(variable), "path") for variable in self.variables]
        if self.body != "*":
            bound = {variable.split(".")[0] for variable in self.variables} | {self.body}
            fields = [field for field in self.method.input_type.fields if field.name not in bound]
            found += [self.parameter(field, "query") for field in fields]
        if self.is_change:
            found.append({"$ref": "#/components/parameters/IdempotencyKey"})
        if self.takes_version():
            found.append({"$ref": "#/components/parameters/IfMatch"})
        if self.is_file():
            found.append({"$ref": "#/components/parameters/IfNoneMatch"})
        return found

    def takes_version(self) -> bool:
        """As the gateway decides it: the request has an etag, or the body that the path names has one."""
        fields = self.method.input_type.fields_by_name
        if not self.is_change or "etag" in fields:
            return self.is_change
        named = any(variable.startswith(f"{self.body}.") for variable in self.variables)
        return named and "etag" in fields[self.body].message_type.fields_by_name

    def is_file(self) -> bool:
        return self.api.is_raw(self.method.output_type) and not self.api.is_stream(self.method)

    def field(self, variable):
        message = self.method.input_type
        *outer, name = variable.split(".")
        for part in outer:
            message = message.fields_by_name[part].message_type
        return message.fields_by_name[name]

    def parameter(self, field, place) -> dict:
        rules = self.api.rules(field)
        if field.label == FIELD.LABEL_REPEATED:
            items = self.components.value(field, may_be_empty=False)
            schema = {"type": "array", "items": items} | self.components.counts(rules)
        else:
            schema = self.components.value(field, may_be_empty=False)
        parameter = {"name": field.json_name, "in": place, "description": self.api.text(field), "schema": schema}
        if place == "path" or rules.required:
            parameter["required"] = True
        return parameter

    def body_schema(self) -> dict:
        message = self.method.input_type
        if self.body != "*":
            return self.components.message(message.fields_by_name[self.body].message_type, patch=self.verb == "patch")
        if not self.variables:
            return self.components.message(message)
        name = short_name(message)
        self.components.done[name] = self.components.object(message, leave_out=self.variables)
        return {"$ref": f"#/components/schemas/{name}"}

    def responses(self) -> dict:
        headers = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
        if self.is_change:
            headers["Idempotency-Replayed"] = {"$ref": "#/components/headers/IdempotencyReplayed"}
        if self.is_file() or "etag" in self.method.output_type.fields_by_name:
            headers["ETag"] = {"$ref": "#/components/headers/ETag"}
        found = {"200": {"description": "Success.", "headers": headers, "content": self.content()}}
        if self.is_file():
            found["304"] = {"$ref": "#/components/responses/NotModified"}
        for code, name in self.errors():
            found[code] = {"$ref": f"#/components/responses/{name}"}
        return found

    def content(self) -> dict:
        message = self.method.output_type
        if self.api.is_raw(message):
            return {"*/*": {"schema": {"type": "string", "format": "binary", "description": "The file."}}}
        schema = self.components.message(message)
        if self.api.is_stream(self.method):
            return {"text/event-stream": {"schema": schema}, "application/x-ndjson": {"schema": schema}}
        return {"application/json": {"schema": schema}}

    def errors(self):
        yield "400", "BadRequest"
        yield "401", "Unauthenticated"
        yield "403", "PermissionDenied"
        # A change may name something unknown in its body without saying so in its own comment.
        if self.variables or "NOT_FOUND" in self.text or self.is_change:
            yield "404", "NotFound"
        if self.is_change:
            yield "409", "Conflict"
        if self.takes_version():
            yield "412", "PreconditionFailed"
        if self.body:
            yield "413", "TooLarge"
        yield "429", "ResourceExhausted"
        yield "501", "Unimplemented"
        yield "503", "Unavailable"
        yield "default", "Error"
