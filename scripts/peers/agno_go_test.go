// What Agno-Go costs: the cases of benches/peers with a model that answers at once. run.py puts this file into a module of its
// own beside a checkout of Agno-Go and runs it; the name of a case is that of its benchmark.
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

// mock answers at once, or asks for a tool first.
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
	return nil, fmt.Errorf("nothing here is streamed")
}

func model(calls bool) *mock {
	return &mock{models.BaseModel{ID: "mock", Provider: "mock"}, calls}
}

// adds is a toolkit of functions that add two numbers.
func adds(names ...string) []toolkit.Toolkit {
	made := toolkit.NewBaseToolkit("adds")
	for _, name := range names {
		made.RegisterFunction(&toolkit.Function{
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
	return []toolkit.Toolkit{made}
}

// Its own log is no work of the framework's: without a logger each agent makes one, which writes JSON to the standard output.
var quiet = slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError}))

func made(model models.Model, tools []toolkit.Toolkit) (*agent.Agent, error) {
	return agent.New(agent.Config{Model: model, Instructions: instructions, Toolkits: tools, Logger: quiet})
}

// A run is only measured if it did what it should.
func answered(made *agent.Agent) error {
	output, err := made.Run(context.Background(), question)
	if err == nil && output.Content != answer {
		err = fmt.Errorf("the answer is %q", output.Content)
	}
	return err
}

// An agent here keeps what was said, and each run copies it anew. Elsewhere a run begins without, so it is forgotten first.
func forgotten(made *agent.Agent) error {
	made.ClearMemory()
	return answered(made)
}

// onCore is the time that all threads of this process were on a core, as in benches/peers: also those of the garbage collector.
func onCore() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// kept keeps the compiler from leaving out what is made and not used.
var kept any

func BenchmarkPeers(b *testing.B) {
	text, calling := model(false), model(true)
	// Made once, as in Agno-Go's own benchmarks.
	one := adds("add")
	ten := adds("add_0", "add_1", "add_2", "add_3", "add_4", "add_5", "add_6", "add_7", "add_8", "add_9")
	create := func(model models.Model, tools []toolkit.Toolkit) func() error {
		return func() error {
			made, err := made(model, tools)
			kept = made
			return err
		}
	}
	createAndRun := func(model models.Model, tools []toolkit.Toolkit) func() error {
		return func() error {
			made, err := made(model, tools)
			if err != nil {
				return err
			}
			return answered(made)
		}
	}
	bare, err := made(text, nil)
	if err != nil {
		b.Fatal(err)
	}
	adding, err := made(calling, one)
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
		{"run", func() error { return forgotten(bare) }},
		{"create and run", createAndRun(text, nil)},
		{"tool run", func() error { return forgotten(adding) }},
		{"create and tool run", createAndRun(calling, one)},
		{"definition", func() error {
			body, err := json.Marshal(toolkit.ToModelToolDefinitions(one))
			kept = body
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
	for _, each := range cases {
		b.Run(each.name, func(b *testing.B) {
			b.ReportAllocs()
			started := onCore()
			for range b.N {
				if err := each.work(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(onCore()-started)/float64(b.N), "ns/op")
		})
	}
}
