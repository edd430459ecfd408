//! The events of the layers around a model.

use super::*;

#[tokio::test(start_paused = true)]
async fn the_layers_around_a_model_are_observed() {
    let main = ScriptedModel::new()
        .fault(ModelErrorKind::Overloaded)
        .fault(ModelErrorKind::QuotaExceeded);
    let spare = ScriptedModel::always(Reply::text("Hello."))
        .rate_limit(RateLimitLayer::new().with_requests_per_minute(1));
    let model = main
        .retry(RetryLayer::new())
        .fallback(spare)
        .cache(CacheLayer::in_memory(1 << 20));
    let record = Record::default();
    let agent = Plain.with(model).observe(&record);
    for stream in [false, true] {
        let answer = if stream {
            agent.stream("Hi").answer().await
        } else {
            agent.run("Hi").await
        };
        assert_eq!(answer.unwrap().text(), "Hello.");
        let expected: &[&str] = if stream {
            &["layer 1: cache hit, scripted:script", "reply 1, cached: true"]
        } else {
            &[
                "layer 1: retry 1, Overloaded",
                "layer 1: fallback, QuotaExceeded",
                "reply 1, cached: false",
            ]
        };
        let events = record.take();
        assert_eq!(events[2..events.len() - 1], *expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_rate_limit_is_observed_in_each_way_to_run() {
    let limit = RateLimitLayer::new().with_requests_per_minute(1);
    let model = ScriptedModel::always(Reply::text("Hello.")).rate_limit(limit);
    let record = Record::default();
    let agent = Plain.with(model).observe(&record);
    agent.run("Hi").await.unwrap();
    record.take();
    agent.run("Hi").await.unwrap();
    assert_eq!(record.take()[2], "layer 1: wait 60s");
    agent.stream("Hi").answer().await.unwrap();
    assert_eq!(record.take()[2], "layer 1: wait 60s");
}

#[tokio::test(start_paused = true)]
async fn hooks_receive_the_events_of_the_layers_inside_and_pass_them_on() {
    #[derive(Default)]
    struct Hooks {
        refuses: bool,
        events: AtomicUsize,
    }

    impl ModelHooks for Hooks {
        fn on_request(&self, _model: ModelId<'_>, _request: &Request<'_>) -> Result<(), ModelError> {
            if self.refuses {
                return Err(ModelError::new(ModelErrorKind::BadRequest, "refused"));
            }
            Ok(())
        }

        fn on_event(&self, _model: ModelId<'_>, _request: &Request<'_>, _event: &ModelEvent<'_>) {
            self.events.fetch_add(1, Ordering::SeqCst);
            panic!("secret detail");
        }
    }

    quiet_tool_panics();
    let record = Record::default();
    for stream in [false, true] {
        let hooks = Arc::new(Hooks::default());
        let model = ScriptedModel::new()
            .fault(ModelErrorKind::Network)
            .reply("Hello.");
        let model = model.retry(RetryLayer::new()).hooks(Arc::clone(&hooks));
        let agent = Plain.with(model).observe(&record);
        if stream {
            agent.stream("Hi").answer().await.unwrap();
        } else {
            agent.run("Hi").await.unwrap();
        }
        assert_eq!(hooks.events.load(Ordering::SeqCst), 1);
        assert_eq!(record.take()[2], "layer 1: retry 1, Network");

        let refuses = Hooks {
            refuses: true,
            ..Hooks::default()
        };
        let agent = Plain.with(ScriptedModel::new().hooks(refuses)).observe(&record);
        let error = if stream {
            agent.stream("Hi").answer().await
        } else {
            agent.run("Hi").await
        };
        assert!(error.is_err());
        let expected = [
            "started",
            "request 1, messages: 1",
            "layer 1: refused, BadRequest",
            "error 1: BadRequest",
            "failed: Model(BadRequest)",
        ];
        assert_eq!(record.take(), expected);
    }
}
