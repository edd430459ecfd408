//! Every key of `#[arg(..)]`: declared to the model and enforced before the call.

use agno::prelude::*;

use crate::{called, declared};

const MOST: u8 = 9;

fn computed() -> Vec<u8> {
    vec![1, 2]
}

/// Has defaults.
#[tool]
fn defaults(
    #[arg(default)] a: u8,
    #[arg(default = 5)] b: u8,
    #[arg(default = "en")] c: &str,
    #[arg(default = "de")] d: String,
    #[arg(default = MOST)] e: u8,
    #[arg(default = computed())] f: Vec<u8>,
    #[arg(default = -1)] g: i8,
    #[arg(default = Some("x"))] h: Option<&str>,
    #[arg(default)] i: &[u8],
    #[arg(default = 2 * 3)] j: u8,
) -> String {
    format!("{a} {b} {c} {d} {e} {f:?} {g} {h:?} {i:?} {j}")
}

/// Has rules.
#[tool]
fn rules(
    #[arg(range = 1..=5)] closed: u8,
    #[arg(range = 0.5..2.0)] open: f64,
    #[arg(range = 3..)] least: i32,
    #[arg(range = ..=-1)] most: i32,
    #[arg(len = 1..=3)] text: &str,
    #[arg(len = ..3, unique)] list: Vec<u8>,
    #[arg(len = 2)] exactly: &[bool],
    #[arg(pattern = "^[a-z]+$")] letters: String,
    #[arg(multiple_of = 5)] step: u32,
    #[arg(range = 1..=5)] maybe: Option<u8>,
) -> String {
    format!("{closed} {open} {least} {most} {text} {list:?} {exactly:?} {letters} {step} {maybe:?}")
}

/// Has descriptions.
#[tool]
fn descriptions(
    #[arg(rename = "from.city", description = "Origin.")] from: &str,
    #[arg(example = "Oslo")] to: &str,
    #[arg(examples = [1, 2, 3], deprecated)] nights: u8,
    #[arg(format = "email")] mail: &str,
    #[arg(example = [1, 2], example = [3])] list: Vec<u8>,
) -> String {
    format!("{from} {to} {nights} {mail} {list:?}")
}

#[tokio::test]
async fn defaults_replace_absent_and_null_arguments() {
    let expected = r#"0 5 en de 9 [1, 2] -1 Some("x") [] 6"#;
    assert_eq!(called(&defaults {}, "defaults", "{}").await.unwrap(), expected);
    assert_eq!(
        called(&defaults {}, "defaults", r#"{"a":null,"c":null}"#)
            .await
            .unwrap(),
        expected
    );
    let parameters = &declared(&defaults {})["parameters"];
    assert_eq!(parameters["properties"]["b"]["default"], 5);
    assert!(
        parameters
            .get("required")
            .is_none_or(|required| required == &serde_json::json!([]))
    );
}

const VALID: &str = r#"{"closed":5,"open":1.9,"least":3,"most":-1,"text":"abc","list":[1,2],"exactly":[true,false],"letters":"abc","step":10,"maybe":null}"#;

#[tokio::test]
async fn valid_arguments_are_accepted() {
    assert_eq!(
        called(&rules {}, "rules", VALID).await.unwrap(),
        "5 1.9 3 -1 abc [1, 2] [true, false] abc 10 None"
    );
}

#[tokio::test]
async fn each_rule_is_enforced_before_the_call() {
    for (valid, invalid) in [
        (r#""closed":5"#, r#""closed":6"#),
        (r#""open":1.9"#, r#""open":2.0"#),
        (r#""least":3"#, r#""least":2"#),
        (r#""most":-1"#, r#""most":0"#),
        (r#""text":"abc""#, r#""text":"abcd""#),
        (r#""list":[1,2]"#, r#""list":[1,2,3]"#),
        (r#""list":[1,2]"#, r#""list":[1,1]"#),
        (r#""exactly":[true,false]"#, r#""exactly":[true]"#),
        (r#""letters":"abc""#, r#""letters":"ABC""#),
        (r#""step":10"#, r#""step":11"#),
        (r#""maybe":null"#, r#""maybe":0"#),
    ] {
        let sent = VALID.replace(valid, invalid);
        assert_ne!(sent, VALID);
        assert!(called(&rules {}, "rules", &sent).await.is_err(), "{invalid}");
    }
}

#[tokio::test]
async fn descriptions_and_serialized_names_are_declared() {
    let properties = &declared(&descriptions {})["parameters"]["properties"];
    assert_eq!(properties["from.city"]["description"], "Origin.");
    assert_eq!(properties["to"]["examples"], serde_json::json!(["Oslo"]));
    assert_eq!(properties["nights"]["examples"], serde_json::json!([1, 2, 3]));
    assert_eq!(properties["nights"]["deprecated"], true);
    assert_eq!(properties["mail"]["format"], "email");
    assert_eq!(properties["list"]["examples"], serde_json::json!([[1, 2], [3]]));
    let sent = r#"{"from.city":"Rome","to":"Oslo","nights":1,"mail":"a@b.c","list":[]}"#;
    assert_eq!(
        called(&descriptions {}, "descriptions", sent).await.unwrap(),
        "Rome Oslo 1 a@b.c []"
    );
}
