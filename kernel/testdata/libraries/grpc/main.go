package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	fmt.Println(err)
	calls := 0
	server := grpc.NewServer(grpc.UnaryInterceptor(func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
		calls++
		return handle(ctx, request)
	}))
	checks := health.NewServer()
	checks.SetServingStatus("tables", healthpb.HealthCheckResponse_NOT_SERVING)
	healthpb.RegisterHealthServer(server, checks)
	done := make(chan error)
	go func() { done <- server.Serve(listener) }()
	connection, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	fmt.Println(err)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	client := healthpb.NewHealthClient(connection)
	for _, service := range []string{"", "tables", "nothing"} {
		answer, err := client.Check(ctx, &healthpb.HealthCheckRequest{Service: service})
		fmt.Println(service, answer.GetStatus(), status.Code(err) == codes.NotFound)
	}
	fmt.Println(connection.Close())
	server.GracefulStop()
	fmt.Println(<-done, calls, len(server.GetServiceInfo()))
	message, err := structpb.NewStruct(map[string]any{"n": 3, "list": []any{"a", true, nil}})
	fmt.Println(err)
	encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	fmt.Println(len(encoded), err)
	var back structpb.Struct
	fmt.Println(proto.Unmarshal(encoded, &back), proto.Equal(message, &back), protojson.Unmarshal([]byte(`{"n": 4}`), &back), back.Fields["n"].GetNumberValue())
}
