// The gateway that bench_rest compares ours with: grpc-gateway before the same gRPC server, with the same routes and with the JSON
// options that answer as ours does. Usage: grpc_gateway LISTEN BACKEND.
package main

import (
	"context"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"

	v1 "grpc_gateway/gen/invoice/v1"
)

// What protoc-gen-grpc-gateway makes of each service.
var services = []func(context.Context, *runtime.ServeMux, *grpc.ClientConn) error{
	v1.RegisterApiKeyServiceHandler,
	v1.RegisterBillingPeriodServiceHandler,
	v1.RegisterCustomerServiceHandler,
	v1.RegisterDashboardServiceHandler,
	v1.RegisterEmailServiceHandler,
	v1.RegisterInvoiceServiceHandler,
	v1.RegisterPaymentServiceHandler,
	v1.RegisterRunServiceHandler,
	v1.RegisterVendorServiceHandler,
}

func newMux() *runtime.ServeMux {
	json := &runtime.JSONPb{
		MarshalOptions:   protojson.MarshalOptions{EmitUnpopulated: true},
		UnmarshalOptions: protojson.UnmarshalOptions{DiscardUnknown: false},
	}
	return runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, &runtime.HTTPBodyMarshaler{Marshaler: json}),
		runtime.WithWriteContentLength(), // as ours; pieces of unknown length would cost it more
	)
}

func serve(listen, backend string) error {
	connection, err := grpc.NewClient("passthrough:///"+backend, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	mux := newMux()
	for _, register := range services {
		if err := register(context.Background(), mux, connection); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	// The form of a line of our own log, so that the bench finds the port likewise.
	log.Printf(`{"message":"listening","http":"%s"}`, listener.Addr())
	return http.Serve(listener, mux)
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: grpc_gateway LISTEN BACKEND")
	}
	log.Fatal(serve(os.Args[1], os.Args[2]))
}
