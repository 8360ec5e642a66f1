//go:build tools

// Package tools names the Go programs that the tests use, so that go.mod and go.sum pin them.
package tools

import _ "github.com/fullstorydev/grpcurl/cmd/grpcurl"
