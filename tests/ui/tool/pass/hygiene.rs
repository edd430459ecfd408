//! Names of the prelude that are hidden or have another meaning.
#![deny(
    warnings,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    missing_debug_implementations
)]

mod bare {
    #![no_implicit_prelude]

    /// Searches for a query.
    #[::agno::tool(timeout = "5s", read_only, open_world)]
    pub(crate) async fn search(
        /// Query.
        #[arg(len = 1..=5)]
        query: &str,
        #[arg(default)] deep: bool,
        #[arg(default = "en")] language: &str,
        note: ::std::option::Option<&str>,
        all: &[::std::string::String],
        run: &::agno::RunContext,
    ) -> ::std::result::Result<::std::string::String, ::std::io::Error> {
        let _ = (query, deep, language, note, all, run);
        ::std::result::Result::Ok(::std::string::String::new())
    }

    /// Asks a question.
    #[::agno::tool(external, return_direct)]
    pub(crate) fn ask(number: u8, words: ::std::option::Option<&str>);

    /// Counts words.
    #[::agno::tool(read_only, cache = "1m", retries = 2)]
    pub(crate) fn words(all: &str) -> usize {
        all.len()
    }

    /// Searches.
    #[::agno::agent(instructions = "Search in {place}.", tools = [search, ask, words, self, self.kit], output = ::std::vec::Vec<u8>)]
    pub(crate) struct Searcher<'a> {
        pub(crate) place: &'a str,
        pub(crate) kit: &'a Kit,
    }

    #[::agno::toolkit]
    impl Searcher<'_> {
        /// Asks.
        #[tool(external)]
        fn ask_there(&self, #[arg(len = 1..=5)] words: ::std::string::String);

        /// Finds.
        #[tool(approval)]
        async fn find(&self, #[arg(default = 3)] most: u8) -> ::std::string::String {
            let _ = most;
            ::std::string::String::new()
        }
    }

    pub(crate) struct Kit;

    #[::agno::toolkit]
    impl Kit {
        /// Counts.
        #[tool]
        fn count(&self) -> u8 {
            4
        }
    }
}

mod shadowed {
    #![allow(dead_code, non_camel_case_types, missing_docs)]

    pub(crate) struct Option;
    pub(crate) struct Result;
    pub(crate) struct String;
    pub(crate) struct Vec;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) struct Send;
    pub(crate) struct Default;
    pub(crate) struct str_;
    pub(crate) struct A;
    pub(crate) struct D;
    pub(crate) trait Schema {}
    pub(crate) trait Deserialize {}
    pub(crate) trait Tool {}
    pub(crate) trait Toolset {}
    pub(crate) mod agno {}
    pub(crate) mod core {}
    pub(crate) mod std {}

    /// Has parameters with the names of local variables of the expansion.
    #[::agno::tool]
    pub(crate) fn args(args: u8, run: u8, map: u8, index: u8, this: &::agno::RunContext) -> u8 {
        let _ = this;
        args + run + map + index
    }

    /// Has parameters with the names of local variables of the expansion.
    #[::agno::tool]
    pub(crate) async fn schema(
        #[arg(default)] schema: bool,
    ) -> ::std::result::Result<bool, ::std::fmt::Error> {
        ::std::result::Result::Ok(schema)
    }

    #[::agno::agent(tools = [args, schema, self])]
    pub(crate) struct Agent;

    #[::agno::toolkit]
    impl Agent {
        /// Has the name of a method of the trait.
        #[tool]
        fn find(&self, name: u8) -> u8 {
            name
        }

        /// Has the name of a method of the trait.
        #[tool]
        async fn call(&self, index: u8, arguments: u8, run: u8) -> u8 {
            index + arguments + run
        }

        /// Has the name of a method of the trait.
        #[tool]
        fn len() -> u8 {
            4
        }

        /// Has the name of a method of the trait.
        #[tool]
        fn declare(&self) -> u8 {
            4
        }
    }
}

#[test]
fn names_of_the_prelude_can_be_hidden_or_redefined() {
    use agno::Declared;
    use agno::tool::Toolset;

    assert_eq!(
        bare::Searcher {
            place: "here",
            kit: &bare::Kit
        }
        .tools()
        .len(),
        6
    );
    assert_eq!(Declared::tools(&shadowed::Agent).len(), 6);
}
