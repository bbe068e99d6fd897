// A worker: claims ready tasks of a project one after the other, keeps its lease alive while it works, and completes them.
//
//	ORCA_GRPC=unix:///run/user/1000/orca/grpc.sock go run ./examples/worker PROJECT [COUNT]
//
// With COUNT it stops after that many tasks, without it never.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	orca "orca.local/client"
	"orca.local/client/orcav1"
)

const (
	workspace = "default"
	name      = "go-worker"
	ttl       = 30 * time.Second
)

// work is where what there is to do goes. Its context ends when the task was given to somebody else.
func work(ctx context.Context, task *orcav1.Task) (string, error) {
	select {
	case <-time.After(200 * time.Millisecond):
		return "done by Go: " + task.Title, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// renew keeps the lease until the context ends, and ends it when the lease is lost.
func renew(ctx context.Context, lost context.CancelFunc, client *orca.Client, task string, token int64) {
	for {
		_, err := client.Leases.RenewLease(ctx, &orcav1.RenewLeaseRequest{
			Workspace: workspace, Task: task, Token: token, TtlMs: int32(ttl.Milliseconds()),
		})
		// A server that is away for a moment is no reason to stop; a lease that is lost is.
		if told := orca.ErrorOf(err); told != nil && told.Category == "conflict" {
			lost()
			return
		}
		select {
		case <-time.After(ttl / 3):
		case <-ctx.Done():
			return
		}
	}
}

func carryOut(client *orca.Client, claim *orcav1.ClaimTaskResponse) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	task, token := claim.Task.Id, claim.Lease.Token
	go renew(ctx, stop, client, task, token)
	result, err := work(ctx, claim.Task)
	if errors.Is(err, context.Canceled) {
		fmt.Println(claim.Task.Ref, "was given to somebody else")
		return nil
	}
	if err != nil {
		_, err = client.Tasks.FailTask(ctx, &orcav1.FailTaskRequest{
			Workspace: workspace, Task: task, Token: token, Error: err.Error(),
		})
		return err
	}
	_, err = client.Tasks.CompleteTask(ctx, &orcav1.CompleteTaskRequest{
		Workspace: workspace, Task: task, Token: token, Result: result,
	})
	if err == nil {
		fmt.Println(claim.Task.Ref, "completed")
	}
	return err
}

func run() error {
	if len(os.Args) < 2 {
		return errors.New("usage: worker PROJECT [COUNT]")
	}
	count := -1
	if len(os.Args) > 2 {
		var err error
		if count, err = strconv.Atoi(os.Args[2]); err != nil {
			return err
		}
	}
	client, err := orca.Dial(orca.Options{
		Address: os.Getenv("ORCA_GRPC"), Token: os.Getenv("ORCA_TOKEN"), Caller: name,
	})
	if err != nil {
		return err
	}
	defer client.Close()
	for done := 0; done != count; {
		claim, err := client.Tasks.ClaimTask(context.Background(), &orcav1.ClaimTaskRequest{
			Workspace: workspace, Project: os.Args[1], Agent: name, TtlMs: int32(ttl.Milliseconds()), WaitMs: 20_000,
		})
		// Nothing was ready in that time: ask again.
		if told := orca.ErrorOf(err); told != nil && told.Code == "nothing_ready" {
			continue
		}
		if err != nil {
			return err
		}
		if err := carryOut(client, claim); err != nil {
			return err
		}
		done++
	}
	return nil
}

func main() {
	if err := run(); err != nil {
		if told := orca.ErrorOf(err); told != nil {
			err = told
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
