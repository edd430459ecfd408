//! The table of providers. Each row declares a provider's name, API, base URL and keys. For a Chat Completions
//! server, it also declares the differences from most compatible servers.
//!
//! [`PROVIDERS`](super::PROVIDERS), the defaults of every builder, [`openai::SERVERS`](super::openai::SERVERS),
//! [`AnyModel`](super::AnyModel) and the expansion of `#[agent(model = "...")]` are all generated from this table. The
//! macro crate cannot depend on this crate and has its own list; a test checks that the two lists match.

/// Calls the `$then` macro with `$extra` and the table.
///
/// - An API is `Variant { feature, display name, model type, constructor }`. `Self` in the constructor is the model
///   type. `or` introduces a fallback for builds without this feature: another API and that API's feature.
/// - A provider is `name: title, API { base URL, [variables that override it], keys }`. Keys are `Required [variables]`
///   or `Optional [variables]`; the first variable that is set is used. `in` names a header that contains the bare
///   key, instead of `Authorization: Bearer`. A provider with one base URL per account or region has an empty base
///   URL.
/// - A Chat Completions server adds `chat { differences }`, or `chat at path { .. }` if that API is at a path below the
///   base URL. Differences are methods of `openai::Server`; `Quirks` and `OutputFormat` are in scope.
macro_rules! provider_table {
    ($then:ident $extra:tt) => {
        $then! { $extra
        apis {
            /// A model that uses OpenAI's Chat Completions API.
            OpenAi {
                "openai", "Chat Completions", $crate::provider::OpenAi,
                |provider, model| Self::compatible(provider, model)
            }
            /// A model that uses OpenAI's Responses API.
            OpenAiResponses {
                "openai", "Responses", $crate::provider::OpenAiResponses, |_, model| Self::new(model)
            }
            /// A model that uses Anthropic's Messages API.
            Anthropic { "anthropic", "Messages", $crate::provider::Anthropic, |_, model| Self::new(model) }
            /// A model that uses Google's generateContent API.
            Gemini { "gemini", "generateContent", $crate::provider::Gemini, |_, model| Self::new(model) }
            /// A model on Amazon Bedrock.
            Bedrock { "bedrock", "Converse", $crate::provider::Bedrock, |_, model| Self::new(model) }
            /// A model that uses Cohere's Chat API.
            Cohere { "cohere", "Chat v2", $crate::provider::Cohere, |_, model| Self::new(model) }
            /// A model that uses Ollama's native API.
            Ollama {
                "ollama", "Chat", $crate::provider::Ollama, |_, model| Self::new(model), or OpenAi "openai"
            }
            /// A GGUF model that runs in this process.
            Local { "local", "none", $crate::local::Local, |_, model| Self::load(model) }
        }
        providers {
            "openai": "OpenAI", OpenAi {
                "https://api.openai.com/v1", ["OPENAI_BASE_URL"], Required ["OPENAI_API_KEY"]
            } chat { .with_quirks(Quirks::OPENAI) }
            "openai-responses": "OpenAI", OpenAiResponses {
                "https://api.openai.com/v1", ["OPENAI_BASE_URL"], Required ["OPENAI_API_KEY"]
            }
            "anthropic": "Anthropic", Anthropic {
                "https://api.anthropic.com", ["ANTHROPIC_BASE_URL"], Required ["ANTHROPIC_API_KEY"] in "x-api-key"
            }
            "gemini": "Google Gemini", Gemini {
                "https://generativelanguage.googleapis.com/v1beta", ["GEMINI_BASE_URL"],
                Required ["GEMINI_API_KEY", "GOOGLE_API_KEY"] in "x-goog-api-key"
            }
            "bedrock": "Amazon Bedrock", Bedrock {
                "", ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"], Required ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"]
            }
            "cohere": "Cohere", Cohere {
                "https://api.cohere.com/v2", ["COHERE_BASE_URL"], Required ["COHERE_API_KEY", "CO_API_KEY"]
            }
            "deepseek": "DeepSeek", OpenAi {
                "https://api.deepseek.com", ["DEEPSEEK_BASE_URL"], Required ["DEEPSEEK_API_KEY"]
            } chat {
                .with_quirks(
                    Quirks::COMPATIBLE
                        .with_output(OutputFormat::Object)
                        .with_parallel_tool_calls(false)
                        .with_reasoning_field("reasoning_content"),
                )
            }
            "groq": "Groq", OpenAi {
                "https://api.groq.com/openai/v1", ["GROQ_BASE_URL"], Required ["GROQ_API_KEY"]
            } chat {
                // Only a few of Groq's models support schemas, and none of them while streaming.
                .with_quirks(Quirks::OPENAI.with_output(OutputFormat::None))
            }
            "openrouter": "OpenRouter", OpenAi {
                "https://openrouter.ai/api/v1", ["OPENROUTER_BASE_URL"], Required ["OPENROUTER_API_KEY"]
            } chat {}
            "together": "Together", OpenAi {
                "https://api.together.xyz/v1", ["TOGETHER_BASE_URL"], Required ["TOGETHER_API_KEY"]
            } chat {}
            "xai": "xAI", OpenAi {
                "https://api.x.ai/v1", ["XAI_BASE_URL"], Required ["XAI_API_KEY"]
            } chat { .with_quirks(Quirks::OPENAI) }
            "fireworks": "Fireworks", OpenAi {
                "https://api.fireworks.ai/inference/v1", ["FIREWORKS_BASE_URL"], Required ["FIREWORKS_API_KEY"]
            } chat {}
            "cerebras": "Cerebras", OpenAi {
                "https://api.cerebras.ai/v1", ["CEREBRAS_BASE_URL"], Required ["CEREBRAS_API_KEY"]
            } chat { .with_quirks(Quirks::OPENAI.with_output_and_tools(false)) }
            "perplexity": "Perplexity", OpenAi {
                "https://api.perplexity.ai", ["PERPLEXITY_BASE_URL"], Required ["PERPLEXITY_API_KEY", "PPLX_API_KEY"]
            } chat {}
            "glm": "GLM (Zhipu)", OpenAi {
                "https://open.bigmodel.cn/api/paas/v4", ["ZHIPUAI_BASE_URL"],
                Required ["ZHIPUAI_API_KEY", "ZHIPU_API_KEY", "GLM_API_KEY"]
            } chat { .with_quirks(Quirks::GLM) }
            // The international service for the same models, which has separate accounts.
            "zai": "GLM outside China (Z.ai)", OpenAi {
                "https://api.z.ai/api/paas/v4", ["ZAI_BASE_URL"], Required ["ZAI_API_KEY"]
            } chat { .with_quirks(Quirks::GLM) }
            // The international base URL of Model Studio. Keys issued in China work at
            // `https://dashscope.aliyuncs.com/compatible-mode/v1`.
            "qwen": "Qwen (DashScope)", OpenAi {
                "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", ["DASHSCOPE_BASE_URL"],
                Required ["DASHSCOPE_API_KEY", "ALIBABA_API_KEY", "QWEN_API_KEY"]
            } chat { .with_quirks(Quirks::QWEN) }
            // The same server under the name of its operator.
            "alibaba": "Qwen (DashScope)", OpenAi {
                "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", ["DASHSCOPE_BASE_URL"],
                Required ["DASHSCOPE_API_KEY", "ALIBABA_API_KEY", "QWEN_API_KEY"]
            } chat { .with_quirks(Quirks::QWEN) }
            // The international base URL. Keys issued in China work at `https://api.moonshot.cn/v1`.
            "moonshot": "Moonshot", OpenAi {
                "https://api.moonshot.ai/v1", ["MOONSHOT_BASE_URL"],
                Required ["MOONSHOT_API_KEY", "MOONSHOTAI_API_KEY", "KIMI_API_KEY"]
            } chat {
                .with_quirks(
                    Quirks::OPENAI
                        .with_tool_choice_required("auto")
                        .with_tool_choice_named(false)
                        .with_parallel_tool_calls(false)
                        .with_output(OutputFormat::Object)
                        .with_reasoning_field("reasoning_content"),
                )
            }
            // The international base URL. Keys issued in China work at `https://api.minimaxi.com/v1`.
            "minimax": "MiniMax", OpenAi {
                "https://api.minimax.io/v1", ["MINIMAX_BASE_URL"], Required ["MINIMAX_API_KEY"]
            } chat {
                .with_quirks(
                    Quirks::OPENAI
                        .with_tool_choice_required("auto")
                        .with_tool_choice_named(false)
                        .with_tool_choice_none(false)
                        .with_parallel_tool_calls(false)
                        .with_output(OutputFormat::Prompt),
                )
            }
            "modelscope": "ModelScope", OpenAi {
                "https://api-inference.modelscope.cn/v1", ["MODELSCOPE_BASE_URL"],
                Required ["MODELSCOPE_API_KEY", "MODELSCOPE_SDK_TOKEN"]
            } chat { .with_quirks(Quirks::COMPATIBLE.with_output(OutputFormat::Object)) }
            "sambanova": "SambaNova", OpenAi {
                "https://api.sambanova.ai/v1", ["SAMBANOVA_BASE_URL"], Required ["SAMBANOVA_API_KEY"]
            } chat {}
            // InternLM documents messages and tools, but no other fields.
            "internlm": "InternLM", OpenAi {
                "https://chat.intern-ai.org.cn/api/v1", ["INTERNLM_BASE_URL"],
                Required ["INTERNLM_API_KEY", "INTERN_API_KEY"]
            } chat {
                .with_quirks(
                    Quirks::COMPATIBLE
                        .with_tool_choice_required("auto")
                        .with_tool_choice_named(false)
                        .with_stream_usage(false)
                        .with_parallel_tool_calls(false)
                        .with_output(OutputFormat::Prompt),
                )
            }
            "nvidia": "NVIDIA", OpenAi {
                "https://integrate.api.nvidia.com/v1", ["NVIDIA_BASE_URL"], Required ["NVIDIA_API_KEY"]
            } chat {}
            "huggingface": "Hugging Face", OpenAi {
                "https://router.huggingface.co/v1", ["HUGGINGFACE_BASE_URL"],
                Required ["HF_TOKEN", "HUGGINGFACE_API_KEY"]
            } chat {}
            "vercel": "Vercel AI Gateway", OpenAi {
                "https://ai-gateway.vercel.sh/v1", ["AI_GATEWAY_BASE_URL"],
                Required ["AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"]
            } chat {}
            // The model's name (`@provider/model`) or a header set on the builder selects the provider behind the
            // gateway.
            "portkey": "Portkey", OpenAi {
                "https://api.portkey.ai/v1", ["PORTKEY_BASE_URL"], Required ["PORTKEY_API_KEY"] in "x-portkey-api-key"
            } chat {}
            // Each resource has its own base URL. The model is the name of a deployment.
            "azure": "Azure OpenAI", OpenAi {
                "", ["AZURE_OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT"], Required ["AZURE_OPENAI_API_KEY"] in "api-key"
            } chat {
                .with_base_path("/openai/v1")
                .with_quirks(Quirks::OPENAI)
            }
            "mistral": "Mistral", OpenAi {
                "https://api.mistral.ai/v1", ["MISTRAL_BASE_URL"], Required ["MISTRAL_API_KEY"]
            } chat {
                .with_quirks(
                    Quirks::COMPATIBLE
                        .with_seed("random_seed")
                        .with_tool_choice_required("any")
                        .with_stream_usage(false)
                        .with_document_url(true),
                )
            }
            "lmstudio": "LM Studio", OpenAi {
                "http://localhost:1234/v1", ["LMSTUDIO_BASE_URL"], Optional []
            } chat {}
            "vllm": "vLLM", OpenAi {
                "http://localhost:8000/v1", ["VLLM_BASE_URL"], Optional ["VLLM_API_KEY"]
            } chat {}
            "llamacpp": "llama.cpp server", OpenAi {
                "http://localhost:8080/v1", ["LLAMACPP_BASE_URL"], Optional ["LLAMA_API_KEY"]
            } chat {}
            "ollama": "Ollama", Ollama {
                "http://localhost:11434", ["OLLAMA_BASE_URL"], Optional ["OLLAMA_API_KEY"]
            } chat at "/v1" {}
            "local": "GGUF models in this process", Local {
                "", [], Optional []
            }
        }
        }
    };
}
pub(crate) use provider_table;
