//! The servers that speak Chat Completions, one row each.

use super::provider::Provider;
use super::quirks::{OutputForm, Quirks};

/// OpenAI itself, the row of [`OpenAi::new`](super::OpenAi::new).
pub const OPENAI: Provider = Provider::new("openai", "https://api.openai.com/v1")
    .with_key(&["OPENAI_API_KEY"])
    .with_base_url_variables(&["OPENAI_BASE_URL"])
    .with_quirks(Quirks::OPENAI);

/// GLM's: it decides by itself whether it calls a tool, and which.
const GLM: Quirks = Quirks::COMPATIBLE
    .with_required("auto")
    .with_named_tool(false)
    .with_forbidden_tools(false)
    .with_stream_usage(false)
    .with_parallel_tool_calls(false)
    .with_output(OutputForm::Object)
    .with_reasoning_back("reasoning_content");

/// Qwen at Alibaba's Model Studio, outside China. Keys of China are for `https://dashscope.aliyuncs.com/compatible-mode/v1`.
const QWEN: Provider = Provider::new("qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1")
    .with_key(&["DASHSCOPE_API_KEY", "ALIBABA_API_KEY", "QWEN_API_KEY"])
    .with_base_url_variables(&["DASHSCOPE_BASE_URL"])
    .with_quirks(
        Quirks::COMPATIBLE
            .with_required("auto")
            .with_top_k(true)
            .with_output(OutputForm::Object),
    );

/// The servers agno knows by name.
pub const PROVIDERS: &[Provider] = &[
    OPENAI,
    Provider::new("deepseek", "https://api.deepseek.com")
        .with_key(&["DEEPSEEK_API_KEY"])
        .with_base_url_variables(&["DEEPSEEK_BASE_URL"])
        .with_quirks(
            Quirks::COMPATIBLE
                .with_output(OutputForm::Object)
                .with_parallel_tool_calls(false)
                .with_reasoning_back("reasoning_content"),
        ),
    Provider::new("groq", "https://api.groq.com/openai/v1")
        .with_key(&["GROQ_API_KEY"])
        .with_base_url_variables(&["GROQ_BASE_URL"])
        // Few of its models take a schema, and none in a stream.
        .with_quirks(Quirks::OPENAI.with_output(OutputForm::None)),
    Provider::new("openrouter", "https://openrouter.ai/api/v1")
        .with_key(&["OPENROUTER_API_KEY"])
        .with_base_url_variables(&["OPENROUTER_BASE_URL"]),
    Provider::new("together", "https://api.together.xyz/v1")
        .with_key(&["TOGETHER_API_KEY"])
        .with_base_url_variables(&["TOGETHER_BASE_URL"]),
    Provider::new("xai", "https://api.x.ai/v1")
        .with_key(&["XAI_API_KEY"])
        .with_base_url_variables(&["XAI_BASE_URL"])
        .with_quirks(Quirks::OPENAI),
    Provider::new("fireworks", "https://api.fireworks.ai/inference/v1")
        .with_key(&["FIREWORKS_API_KEY"])
        .with_base_url_variables(&["FIREWORKS_BASE_URL"]),
    Provider::new("cerebras", "https://api.cerebras.ai/v1")
        .with_key(&["CEREBRAS_API_KEY"])
        .with_base_url_variables(&["CEREBRAS_BASE_URL"])
        .with_quirks(Quirks::OPENAI.with_output_beside_tools(false)),
    Provider::new("perplexity", "https://api.perplexity.ai")
        .with_key(&["PERPLEXITY_API_KEY", "PPLX_API_KEY"])
        .with_base_url_variables(&["PERPLEXITY_BASE_URL"]),
    Provider::new("glm", "https://open.bigmodel.cn/api/paas/v4")
        .with_key(&["ZHIPUAI_API_KEY", "ZHIPU_API_KEY", "GLM_API_KEY"])
        .with_base_url_variables(&["ZHIPUAI_BASE_URL"])
        .with_quirks(GLM),
    // The same models outside China, on accounts of their own.
    Provider::new("zai", "https://api.z.ai/api/paas/v4")
        .with_key(&["ZAI_API_KEY"])
        .with_base_url_variables(&["ZAI_BASE_URL"])
        .with_quirks(GLM),
    QWEN,
    // The same by the name of whose it is.
    Provider {
        name: "alibaba",
        ..QWEN
    },
    // The address outside China. Keys of China are for `https://api.moonshot.cn/v1`.
    Provider::new("moonshot", "https://api.moonshot.ai/v1")
        .with_key(&["MOONSHOT_API_KEY", "MOONSHOTAI_API_KEY", "KIMI_API_KEY"])
        .with_base_url_variables(&["MOONSHOT_BASE_URL"])
        .with_quirks(
            Quirks::OPENAI
                .with_required("auto")
                .with_named_tool(false)
                .with_parallel_tool_calls(false)
                .with_output(OutputForm::Object)
                .with_reasoning_back("reasoning_content"),
        ),
    // The address outside China. Keys of China are for `https://api.minimaxi.com/v1`.
    Provider::new("minimax", "https://api.minimax.io/v1")
        .with_key(&["MINIMAX_API_KEY"])
        .with_base_url_variables(&["MINIMAX_BASE_URL"])
        .with_quirks(
            Quirks::OPENAI
                .with_required("auto")
                .with_named_tool(false)
                .with_forbidden_tools(false)
                .with_parallel_tool_calls(false)
                .with_output(OutputForm::Words),
        ),
    Provider::new("modelscope", "https://api-inference.modelscope.cn/v1")
        .with_key(&["MODELSCOPE_API_KEY", "MODELSCOPE_SDK_TOKEN"])
        .with_base_url_variables(&["MODELSCOPE_BASE_URL"])
        .with_quirks(Quirks::COMPATIBLE.with_output(OutputForm::Object)),
    Provider::new("sambanova", "https://api.sambanova.ai/v1")
        .with_key(&["SAMBANOVA_API_KEY"])
        .with_base_url_variables(&["SAMBANOVA_BASE_URL"]),
    // What it takes beside messages and tools is not documented.
    Provider::new("internlm", "https://chat.intern-ai.org.cn/api/v1")
        .with_key(&["INTERNLM_API_KEY", "INTERN_API_KEY"])
        .with_base_url_variables(&["INTERNLM_BASE_URL"])
        .with_quirks(
            Quirks::COMPATIBLE
                .with_required("auto")
                .with_named_tool(false)
                .with_stream_usage(false)
                .with_parallel_tool_calls(false)
                .with_output(OutputForm::Words),
        ),
    Provider::new("nvidia", "https://integrate.api.nvidia.com/v1")
        .with_key(&["NVIDIA_API_KEY"])
        .with_base_url_variables(&["NVIDIA_BASE_URL"]),
    Provider::new("huggingface", "https://router.huggingface.co/v1")
        .with_key(&["HF_TOKEN", "HUGGINGFACE_API_KEY"])
        .with_base_url_variables(&["HUGGINGFACE_BASE_URL"]),
    Provider::new("vercel", "https://ai-gateway.vercel.sh/v1")
        .with_key(&["AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"])
        .with_base_url_variables(&["AI_GATEWAY_BASE_URL"]),
    // Whose model it is stands in the model's name (`@provider/model`), or in a header given to the builder.
    Provider::new("portkey", "https://api.portkey.ai/v1")
        .with_key(&["PORTKEY_API_KEY"])
        .with_key_header("x-portkey-api-key")
        .with_base_url_variables(&["PORTKEY_BASE_URL"]),
    // Each resource has an address of its own; the model is the name of a deployment.
    Provider::new("azure", "")
        .with_key(&["AZURE_OPENAI_API_KEY"])
        .with_key_header("api-key")
        .with_base_url_variables(&["AZURE_OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT"])
        .with_base_path("/openai/v1")
        .with_quirks(Quirks::OPENAI),
    Provider::new("mistral", "https://api.mistral.ai/v1")
        .with_key(&["MISTRAL_API_KEY"])
        .with_base_url_variables(&["MISTRAL_BASE_URL"])
        .with_quirks(
            Quirks::COMPATIBLE
                .with_seed("random_seed")
                .with_required("any")
                .with_stream_usage(false)
                .with_document_url(true),
        ),
    Provider::new("lmstudio", "http://localhost:1234/v1").with_base_url_variables(&["LMSTUDIO_BASE_URL"]),
    Provider::new("vllm", "http://localhost:8000/v1")
        .with_optional_key(&["VLLM_API_KEY"])
        .with_base_url_variables(&["VLLM_BASE_URL"]),
    Provider::new("llamacpp", "http://localhost:8080/v1")
        .with_optional_key(&["LLAMA_API_KEY"])
        .with_base_url_variables(&["LLAMACPP_BASE_URL"]),
    Provider::new("ollama", "http://localhost:11434/v1").with_base_url_variables(&["OLLAMA_BASE_URL"]),
];
