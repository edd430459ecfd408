-- The request that wrk sends to the example service; see service.py.
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = '{"question":"What is the weather in Oslo?"}'
