"""The protos as protoc sees them: descriptors with options and comments, and what they must have to be documented."""

import dataclasses
import os
import pathlib
import re
import subprocess
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "invoice.v1"
GOOGLEAPIS = "usr/share/gocode/src/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis"
FIELD = descriptor_pb2.FieldDescriptorProto
NO_SIDE_EFFECTS = descriptor_pb2.MethodOptions.NO_SIDE_EFFECTS


@dataclasses.dataclass
class Api:
    """All messages, enums and services of the package by full name, with the extensions that their options use."""

    pool: descriptor_pool.DescriptorPool
    services: list
    comments: dict
    extensions: dict

    def option(self, descriptor, name):
        """The value of one of our options, or of google.api.http; its default where it is absent."""
        return descriptor.GetOptions().Extensions[self.extensions[name]]

    def has_option(self, descriptor, name) -> bool:
        return descriptor.GetOptions().HasExtension(self.extensions[name])

    def rules(self, field):
        return self.option(field, "rules")

    def access(self, method) -> str:
        level = self.pool.FindEnumTypeByName(f"{PACKAGE}.Access.Level")
        return level.values_by_number[self.option(method, "access")].name

    def is_raw(self, message) -> bool:
        return self.option(message, "raw_body")

    def is_change(self, method) -> bool:
        return not self.is_stream(method) and method.GetOptions().idempotency_level != NO_SIDE_EFFECTS

    def is_stream(self, method) -> bool:
        proto = descriptor_pb2.MethodDescriptorProto()
        method.CopyToProto(proto)
        return proto.server_streaming

    def text(self, descriptor) -> str:
        """The comment before a declaration, with names of fields as JSON spells them."""
        comment = self.comments.get(descriptor.full_name, "")
        return re.sub(r"`([a-z0-9]+(?:_[a-z0-9]+)+)`", lambda match: f"`{json_name(match[1])}`", comment)


def json_name(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), name)


def load(protos: pathlib.Path) -> Api:
    files = _compile(protos)
    pool = descriptor_pool.Default()  # the options' own classes live there
    for file in files.file:
        pool.Add(file)
    extensions = {}
    for name in ("rules", "raw_body", "access"):
        extensions[name] = pool.FindExtensionByName(f"{PACKAGE}.{name}")
    extensions["http"] = pool.FindExtensionByName("google.api.http")
    for extension in extensions.values():
        if extension.message_type is not None:
            message_factory.MessageFactory(pool).GetPrototype(extension.message_type)
        getattr(descriptor_pb2, extension.containing_type.name).RegisterExtension(extension)
    own = [file for file in files.file if file.package == PACKAGE]
    comments = {}
    for file in own:
        comments |= _comments(file)
    services = [pool.FindServiceByName(f"{PACKAGE}.{service.name}") for file in own for service in file.service]
    return Api(pool, services, comments, extensions)


def _compile(protos: pathlib.Path) -> descriptor_pb2.FileDescriptorSet:
    googleapis = os.environ.get("GOOGLEAPIS_DIR", os.path.join(os.sep, GOOGLEAPIS))
    sources = sorted(str(path.relative_to(protos)) for path in protos.glob("invoice/v1/*.proto"))
    with tempfile.NamedTemporaryFile() as output:
        command = ["protoc", f"-I{protos}", f"-I{googleapis}", "--include_imports", "--include_source_info"]
        subprocess.run([*command, f"--descriptor_set_out={output.name}", *sources], check=True)
        # Our options stay unread bytes in it until their extensions are registered.
        return descriptor_pb2.FileDescriptorSet.FromString(output.read())


def _comments(file) -> dict:
    names = dict(_named_paths(file))
    found = {}
    for location in file.source_code_info.location:
        name = names.get(tuple(location.path))
        if name and location.leading_comments:
            found[name] = " ".join(line.strip() for line in location.leading_comments.strip().split("\n"))
    return found


def _named_paths(file):
    """(path in the file, full name) of every declaration that can have a comment."""
    for i, message in enumerate(file.message_type):
        yield from _message_paths(message, (4, i), file.package)
    for i, enum in enumerate(file.enum_type):
        yield from _enum_paths(enum, (5, i), file.package)
    for i, service in enumerate(file.service):
        name = f"{file.package}.{service.name}"
        yield (6, i), name
        for j, method in enumerate(service.method):
            yield (6, i, 2, j), f"{name}.{method.name}"


def _message_paths(message, path, scope):
    name = f"{scope}.{message.name}"
    yield path, name
    for i, field in enumerate(message.field):
        yield (*path, 2, i), f"{name}.{field.name}"
    for i, nested in enumerate(message.nested_type):
        yield from _message_paths(nested, (*path, 3, i), name)
    for i, enum in enumerate(message.enum_type):
        yield from _enum_paths(enum, (*path, 4, i), name)


def _enum_paths(enum, path, scope):
    name = f"{scope}.{enum.name}"
    yield path, name
    for i, value in enumerate(enum.value):
        yield (*path, 2, i), f"{name}.{value.name}"


def faults(api: Api) -> list[str]:
    """What the protos lack: access levels, comments, and lengths of the strings that an input may have."""
    found = []
    seen = set()
    for service in api.services:
        for method in service.methods:
            if api.access(method) == "LEVEL_UNSPECIFIED":
                found.append(f"{method.full_name}: no access level")
            if not api.text(method):
                found.append(f"{method.full_name}: no comment")
            _input_faults(api, method.input_type, seen, found)
    return found


def _input_faults(api, message, seen, found):
    if message.full_name in seen or not message.full_name.startswith(PACKAGE):
        return
    seen.add(message.full_name)
    for field in message.fields:
        rules = api.rules(field)
        if not api.text(field):
            found.append(f"{field.full_name}: no comment")
        if rules.output_only:
            continue
        if field.message_type is not None:
            _input_faults(api, field.message_type, seen, found)
        if field.type in (FIELD.TYPE_STRING, FIELD.TYPE_BYTES) and not rules.max_length:
            found.append(f"{field.full_name}: no max_length")
        if field.label == FIELD.LABEL_REPEATED and not rules.max_items:
            found.append(f"{field.full_name}: no max_items")
