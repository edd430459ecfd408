//! Media in requests, and generated images and provider items that are sent back.

use agno::message::{Content, Media, Part, ProviderItem, Reasoning};
use agno::model::Request;
use agno::{Message, ToolResult};
use serde_json::json;

use super::{assistant_message, body_for};

#[tokio::test]
async fn media_are_sent_as_bytes_urls_and_ids() {
    let messages = [Message::user([
        Content::text("Look:"),
        Content::image(Media::bytes(b"abc", "image/webp")),
        Content::image(Media::bytes(b"abc", "")),
        Content::video(Media::url("https://www.youtube.com/watch?v=1", "")),
        Content::audio(Media::url("gs://mine/a.mp3", "audio/mpeg")),
        Content::document(Media::id("files/f1", "application/pdf")),
        Content::document(Media::id("gs://mine/f", "application/pdf")),
        Content::image(Media::url("data:image/gif;base64,R0lG", "")),
        Content::image(Media::url("https://a.example/b/cat.JPG?size=1", "")),
    ])];
    let files = "https://generativelanguage.googleapis.com/v1beta/files/f1";
    assert_eq!(
        body_for("gemini-3-flash", Request::new(&messages)).await["contents"][0]["parts"],
        json!([
            {"text": "Look:"},
            {"inlineData": {"mimeType": "image/webp", "data": "YWJj"}},
            {"inlineData": {"mimeType": "image/png", "data": "YWJj"}},
            {"fileData": {"fileUri": "https://www.youtube.com/watch?v=1"}},
            {"fileData": {"mimeType": "audio/mpeg", "fileUri": "gs://mine/a.mp3"}},
            {"fileData": {"mimeType": "application/pdf", "fileUri": files}},
            {"fileData": {"mimeType": "application/pdf", "fileUri": "gs://mine/f"}},
            {"inlineData": {"mimeType": "image/gif", "data": "R0lG"}},
            {"fileData": {"mimeType": "image/jpeg", "fileUri": "https://a.example/b/cat.JPG?size=1"}},
        ])
    );
}

#[tokio::test]
async fn media_in_a_result_are_sent_inside_or_after_it() {
    let mut result = ToolResult::from_text("Here.");
    result
        .content
        .push(Content::image(Media::bytes(b"abc", "image/png")));
    result
        .content
        .push(Content::audio(Media::bytes(b"abc", "audio/wav")));
    let call = json!([{"type": "call", "id": "", "name": "draw", "arguments": "{}"}]);
    let messages = [
        Message::user("Draw."),
        assistant_message(call, None, &[result]),
        Message::user("Well?"),
    ];
    let image = json!({"inlineData": {"mimeType": "image/png", "data": "YWJj"}});
    let audio = json!({"inlineData": {"mimeType": "audio/wav", "data": "YWJj"}});
    let label = json!({"text": "The result of `draw`:"});

    let body = body_for("gemini-3-flash", Request::new(&messages)).await;
    assert_eq!(
        body["contents"][2]["parts"],
        json!([{"functionResponse": {"name": "draw", "response": {"output": "Here."}, "parts": [image]}}])
    );
    assert_eq!(
        body["contents"][3]["parts"],
        json!([label, audio, {"text": "Well?"}])
    );

    let body = body_for("gemini-2.5-flash", Request::new(&messages)).await;
    assert_eq!(
        body["contents"][2]["parts"],
        json!([{"functionResponse": {"name": "draw", "response": {"output": "Here."}}}])
    );
    assert_eq!(
        body["contents"][3]["parts"],
        json!([label, image, audio, {"text": "Well?"}])
    );
}

#[tokio::test]
async fn provider_items_and_generated_images_are_sent_back_unchanged() {
    let code = r#"{"executableCode":{"language":"PYTHON","code":"print(1)"},"thoughtSignature":"s"}"#;
    let mut message = agno::message::AssistantMessage::new(vec![
        Part::from(Reasoning::default()),
        Part::from(ProviderItem::new("executableCode", code)),
        Part::Image(Box::new(Media::bytes(b"abc", "image/png"))),
        Part::from(ProviderItem::new("image_signature", "\"i1\"")),
        Part::from(ProviderItem::new(
            "groundingMetadata",
            r#"{"webSearchQueries":["x"]}"#,
        )),
    ]);
    message.provider = Some("gemini".into());
    let messages = [Message::user("Hi"), Message::Assistant(message)];
    assert_eq!(
        body_for("gemini-3-flash", Request::new(&messages)).await["contents"][1]["parts"],
        json!([
            {"thought": true, "text": ""},
            {"executableCode": {"language": "PYTHON", "code": "print(1)"}, "thoughtSignature": "s"},
            {"inlineData": {"mimeType": "image/png", "data": "YWJj"}, "thoughtSignature": "i1"},
        ])
    );
}
