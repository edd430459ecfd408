//! Stub implementations that macros emit after an error, so that no follow-up errors appear.

#[doc(hidden)]
#[macro_export]
macro_rules! __stub_tool {
    ($ty:ty) => {
        const _: () = {
            #[automatically_derived]
            impl $crate::schema::Rendered for $ty {
                const OPENAI: &'static ::core::primitive::str = "";
                const ANTHROPIC: &'static ::core::primitive::str = "";
                const GEMINI: &'static ::core::primitive::str = "";
                const JSON_SCHEMA: &'static ::core::primitive::str = "";
            }
            #[automatically_derived]
            impl $crate::tool::Tool for $ty {
                // A name that no other tool of an agent has, because two stubs with one name would be a further error.
                const SPEC: $crate::tool::ToolSpec<'static> = $crate::tool::ToolSpec::new(
                    ::core::concat!(
                        ::core::module_path!(),
                        ":",
                        ::core::line!(),
                        ":",
                        ::core::stringify!($ty)
                    ),
                    "",
                );
                type Args<'__a> = $crate::__private::DecodedArgs<'__a, $crate::__private::NoArguments>;
                async fn call(
                    &self,
                    _args: $crate::__private::DecodedArgs<'_, $crate::__private::NoArguments>,
                    _run: &$crate::tool::RunContext,
                ) -> $crate::ToolResult {
                    $crate::__private::no_such_tool()
                }
            }
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __stub_toolkit {
    ([$($generics:tt)*] $ty:ty [$($bounds:tt)*]) => {
        const _: () = {
            #[automatically_derived]
            impl $($generics)* $crate::tool::Toolset for $ty $($bounds)* {
                fn declare<__D: $crate::schema::Dialect>(
                    &self,
                    _dialect: __D,
                    _each: &mut dyn ::core::ops::FnMut($crate::tool::ToolSpec<'_>, &::core::primitive::str),
                ) {
                }
                async fn call(
                    &self,
                    _index: ::core::primitive::usize,
                    _arguments: &::core::primitive::str,
                    _run: &$crate::tool::RunContext,
                ) -> $crate::ToolResult {
                    $crate::__private::no_such_tool()
                }
            }
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __stub_agent {
    ([$($generics:tt)*] $ty:ty [$($bounds:tt)*] $output:ty) => {
        const _: () = {
            #[automatically_derived]
            impl $($generics)* $crate::agent::Declared for $ty $($bounds)* {
                const INFO: &'static $crate::agent::AgentInfo = &$crate::agent::AgentInfo::new("", "-");
                type Needs = $crate::model::NeedsNothing;
                type Output = $output;
                type Model = $crate::AnyModel;
                fn default_model(
                    &self,
                ) -> $crate::__private::Result<$crate::AnyModel, $crate::ModelError> {
                    $crate::AnyModel::from_env()
                }
                fn instructions(&self) -> $crate::__private::Cow<'_, $crate::__private::str> {
                    $crate::__private::Cow::Borrowed("")
                }
                fn tools(&self) -> impl $crate::tool::Toolset + '_ {
                    $crate::tool::NoTools
                }
                fn parse_output(
                    _text: &$crate::__private::str,
                ) -> $crate::__private::Result<$output, $crate::__private::String> {
                    $crate::__private::Err($crate::__private::String::new())
                }
            }
        };
    };
}
