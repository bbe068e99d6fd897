// Package orca is a client of the Orca API over gRPC. The messages and services are generated from the protos into orcav1;
// here is what a generator cannot know: how to connect, who asks, keys that make writes repeatable, and errors with their codes.
package orca

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"orca.local/client/orcav1"
)

// Options say how to reach a server, and who asks.
type Options struct {
	// Address is unix:///run/user/1000/orca/grpc.sock, or host:port.
	Address string
	// Token is made with `orca token create`; the owner of a unix socket needs none.
	Token string
	// Caller is what the caller is called in the event log.
	Caller string
	// TLS is nil for unix sockets and loopback.
	TLS *tls.Config
}

// Client has the services of the API. It is safe for concurrent use.
type Client struct {
	Agents     orcav1.AgentServiceClient
	Attempts   orcav1.AttemptServiceClient
	Events     orcav1.EventServiceClient
	Leases     orcav1.LeaseServiceClient
	Projects   orcav1.ProjectServiceClient
	Server     orcav1.ServerServiceClient
	Tasks      orcav1.TaskServiceClient
	Workspaces orcav1.WorkspaceServiceClient
	// Connection is for the services that are not listed here: orcav1.NewGateServiceClient(client.Connection).
	Connection *grpc.ClientConn
}

// Dial prepares a connection; it is made with the first call.
func Dial(options Options) (*Client, error) {
	if options.Address == "" {
		return nil, fmt.Errorf("orca: no address; give unix:///PATH or HOST:PORT")
	}
	security := grpc.WithInsecure()
	if options.TLS != nil {
		security = grpc.WithTransportCredentials(credentials.NewTLS(options.TLS))
	}
	connection, err := grpc.Dial(
		options.Address, security,
		grpc.WithUnaryInterceptor(options.unary), grpc.WithStreamInterceptor(options.stream))
	if err != nil {
		return nil, fmt.Errorf("orca: %w", err)
	}
	return &Client{
		Agents:     orcav1.NewAgentServiceClient(connection),
		Attempts:   orcav1.NewAttemptServiceClient(connection),
		Events:     orcav1.NewEventServiceClient(connection),
		Leases:     orcav1.NewLeaseServiceClient(connection),
		Projects:   orcav1.NewProjectServiceClient(connection),
		Server:     orcav1.NewServerServiceClient(connection),
		Tasks:      orcav1.NewTaskServiceClient(connection),
		Workspaces: orcav1.NewWorkspaceServiceClient(connection),
		Connection: connection,
	}, nil
}

// Close ends the connection and all calls on it.
func (client *Client) Close() error { return client.Connection.Close() }

// WithKey makes a write repeatable: the same key with the same request again gets the first answer again. A call without
// one gets a key of its own.
func WithKey(ctx context.Context, key string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "idempotency-key", key)
}

func (options Options) identified(ctx context.Context) context.Context {
	if options.Token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+options.Token)
	}
	if options.Caller != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "x-orca-caller", options.Caller)
	}
	return ctx
}

func (options Options) unary(
	ctx context.Context, method string, request, reply interface{}, connection *grpc.ClientConn,
	invoke grpc.UnaryInvoker, more ...grpc.CallOption,
) error {
	ctx = options.identified(ctx)
	if sent, _ := metadata.FromOutgoingContext(ctx); len(sent.Get("idempotency-key")) == 0 {
		ctx = WithKey(ctx, newKey())
	}
	return invoke(ctx, method, request, reply, connection, more...)
}

func (options Options) stream(
	ctx context.Context, description *grpc.StreamDesc, connection *grpc.ClientConn, method string,
	open grpc.Streamer, more ...grpc.CallOption,
) (grpc.ClientStream, error) {
	return open(options.identified(ctx), description, connection, method, more...)
}

func newKey() string {
	var bytes [16]byte
	if _, err := rand.Read(bytes[:]); err != nil {
		panic("orca: the system has no randomness: " + err.Error())
	}
	return hex.EncodeToString(bytes[:])
}

// Error is what the server refused.
type Error struct {
	// Code is stable: lease_lost, task_not_found, nothing_ready, …
	Code string
	// Category is the class of the code: conflict, not_found, unavailable, …
	Category string
	Message  string
	Details  map[string]string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// ErrorOf is the server's error in what a call returned; nil when it is nil or somebody else's.
func ErrorOf(err error) *Error {
	told, ok := status.FromError(err)
	if err == nil || !ok {
		return nil
	}
	for _, detail := range told.Details() {
		info, ok := detail.(*errdetails.ErrorInfo)
		if !ok || !strings.HasPrefix(info.Domain, "orca") {
			continue
		}
		details := map[string]string{}
		for name, value := range info.Metadata {
			if name != "category" {
				details[name] = value
			}
		}
		return &Error{Code: info.Reason, Category: info.Metadata["category"], Message: told.Message(), Details: details}
	}
	return nil
}
