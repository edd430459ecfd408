// Package peers measures the cases of benches/peers in Agno-Go, with a model that answers immediately. run.py copies this file
// into a separate module that refers to a checkout of Agno-Go, and runs it; each case is a benchmark of the same name.
package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/rexleimo/agno-go/pkg/hno/agent"
	"github.com/rexleimo/agno-go/pkg/hno/memory"
	"github.com/rexleimo/agno-go/pkg/hno/models"
	"github.com/rexleimo/agno-go/pkg/hno/tools/toolkit"
	"github.com/rexleimo/agno-go/pkg/hno/types"
)

const (
	answer       = "ok"
	question     = "What is 2 + 3?"
	instructions = "Answer."
	arguments    = `{"left":2,"right":3}`
	sum          = "5"
	messages     = 1000
)

// mock is a model that answers immediately, or calls a tool first.
type mock struct {
	models.BaseModel
	calls bool
}

func (m *mock) Invoke(_ context.Context, request *models.InvokeRequest) (*types.ModelResponse, error) {
	if m.calls {
		last := request.Messages[len(request.Messages)-1]
		if last.Role != types.RoleTool {
			call := types.ToolCallFunction{Name: "add", Arguments: arguments}
			calls := []types.ToolCall{{ID: "call_1", Type: "function", Function: call}}
			return &types.ModelResponse{ToolCalls: calls}, nil
		}
		if last.Content != sum {
			return &types.ModelResponse{Content: "wrong"}, nil
		}
	}
	return &types.ModelResponse{Content: answer}, nil
}

func (m *mock) InvokeStream(context.Context, *models.InvokeRequest) (<-chan types.ResponseChunk, error) {
	return nil, fmt.Errorf("the mock does not stream")
}

func model(calls bool) *mock {
	return &mock{models.BaseModel{ID: "mock", Provider: "mock"}, calls}
}

// adds returns a toolkit of functions that add two numbers.
func adds(names ...string) []toolkit.Toolkit {
	functions := toolkit.NewBaseToolkit("adds")
	for _, name := range names {
		functions.RegisterFunction(&toolkit.Function{
			Name:        name,
			Description: "Adds two numbers.",
			Parameters: map[string]toolkit.Parameter{
				"left":  {Type: "integer", Description: "The first number.", Required: true},
				"right": {Type: "integer", Description: "The second number.", Required: true},
			},
			Handler: func(_ context.Context, values map[string]interface{}) (interface{}, error) {
				left, _ := values["left"].(float64)
				right, _ := values["right"].(float64)
				return int64(left) + int64(right), nil
			},
		})
	}
	return []toolkit.Toolkit{functions}
}

// quiet discards logs, which are not part of the measured work. Without a logger, each agent creates one that writes JSON to
// standard output.
var quiet = slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError}))

// newAgent creates an agent with these tools.
func newAgent(model models.Model, tools []toolkit.Toolkit) (*agent.Agent, error) {
	return agent.New(agent.Config{Model: model, Instructions: instructions, Toolkits: tools, Logger: quiet})
}

// run runs an agent and fails on any other answer, so that only correct runs are measured.
func run(subject *agent.Agent) error {
	output, err := subject.Run(context.Background(), question)
	if err == nil && output.Content != answer {
		err = fmt.Errorf("the answer is %q", output.Content)
	}
	return err
}

// runFresh clears the memory of an agent before the run. Agno-Go's agents keep the conversation and copy it in each run; the
// runs of the other frameworks start without one.
func runFresh(subject *agent.Agent) error {
	subject.ClearMemory()
	return run(subject)
}

// cpuTime returns the CPU time of all threads of this process, as in benches/peers, including the garbage collector.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// sink keeps the compiler from removing unused results.
var sink any

func BenchmarkPeers(b *testing.B) {
	text, calling := model(false), model(true)
	// Created once, as in Agno-Go's own benchmarks.
	one := adds("add")
	ten := adds("add_0", "add_1", "add_2", "add_3", "add_4", "add_5", "add_6", "add_7", "add_8", "add_9")
	create := func(model models.Model, tools []toolkit.Toolkit) func() error {
		return func() error {
			created, err := newAgent(model, tools)
			sink = created
			return err
		}
	}
	createAndRun := func(model models.Model, tools []toolkit.Toolkit) func() error {
		return func() error {
			created, err := newAgent(model, tools)
			if err != nil {
				return err
			}
			return run(created)
		}
	}
	bare, err := newAgent(text, nil)
	if err != nil {
		b.Fatal(err)
	}
	adding, err := newAgent(calling, one)
	if err != nil {
		b.Fatal(err)
	}
	history, left := memory.NewInMemory(messages), messages
	cases := []struct {
		name string
		work func() error
	}{
		{"create", create(text, nil)},
		{"create with 10 tools", create(text, ten)},
		{"run", func() error { return runFresh(bare) }},
		{"create and run", createAndRun(text, nil)},
		{"tool run", func() error { return runFresh(adding) }},
		{"create and tool run", createAndRun(calling, one)},
		{"definition", func() error {
			body, err := json.Marshal(toolkit.ToModelToolDefinitions(one))
			sink = body
			return err
		}},
		{"append", func() error {
			history.Add(types.NewUserMessage(question))
			if left--; left == 0 {
				history.Clear()
				left = messages
			}
			return nil
		}},
	}
	for _, benchmark := range cases {
		b.Run(benchmark.name, func(b *testing.B) {
			b.ReportAllocs()
			started := cpuTime()
			for range b.N {
				if err := benchmark.work(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpuTime()-started)/float64(b.N), "ns/op")
		})
	}
}
