//! Generates values that match a JSON Schema.

use serde_json::{Map, Value, json};

use super::texts;

/// A small random number generator. The seed comes from proptest, so failures can be shrunk and reproduced.
pub(crate) struct Source(pub(crate) u64);

impl Source {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Returns a value that matches a schema.
pub(crate) fn value(schema: &Value, source: &mut Source) -> Value {
    Generator { root: schema, source }.value(schema, 0)
}

struct Generator<'a> {
    root: &'a Value,
    source: &'a mut Source,
}

impl Generator<'_> {
    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(reference.strip_prefix('#').unwrap()).unwrap();
            return self.value(target, depth + 1);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return values[self.source.below(values.len())].clone();
        }
        if let Some(shapes) = schema.get("anyOf").and_then(Value::as_array) {
            let index = self.choice(shapes, depth);
            return self.value(&shapes[index], depth + 1);
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => vec!["null", "boolean", "string"],
        };
        let nullable = schema["nullable"] == json!(true) && self.source.below(3) == 0;
        if nullable || (kinds.contains(&"null") && (depth > 6 || self.source.below(kinds.len() + 1) == 0)) {
            return Value::Null;
        }
        match kinds[0] {
            "null" => Value::Null,
            "boolean" => json!(self.source.below(2) == 0),
            "integer" => self.integer(schema),
            "number" => self.number(schema),
            "string" => self.string(schema),
            "array" => self.array(schema, depth),
            _ => self.object(schema, depth),
        }
    }

    /// Returns the index of a shape. Beyond depth 6, prefers a shape without references, so that generation ends.
    fn choice(&mut self, shapes: &[Value], depth: usize) -> usize {
        if depth > 6 {
            let flat = |shape: &Value| !shape.to_string().contains("$ref");
            if let Some(index) = shapes.iter().rposition(flat) {
                return index;
            }
        }
        self.source.below(shapes.len())
    }

    fn integer(&mut self, schema: &Value) -> Value {
        let min = schema["minimum"].as_i64();
        let max = schema["maximum"].as_i64();
        let min = min.unwrap_or_else(|| max.map_or(-1_000, |max| max - 1_000));
        let max = max.unwrap_or(min + 2_000);
        let step = schema["multipleOf"].as_i64().unwrap_or(1);
        let value = match self.source.below(4) {
            0 => min,
            1 => max,
            _ => min + (self.source.next() % (max - min + 1) as u64) as i64,
        };
        json!(value - value.rem_euclid(step))
    }

    fn number(&mut self, schema: &Value) -> Value {
        let min = schema["minimum"].as_f64().unwrap_or(-10.0);
        let max = schema["maximum"]
            .as_f64()
            .or(schema["exclusiveMaximum"].as_f64())
            .unwrap_or(min + 20.0);
        let step = schema["multipleOf"].as_f64();
        let value = min + (max - min) * (self.source.below(1_000) as f64 / 1_000.0);
        json!(step.map_or(value, |step| (value / step).round() * step))
    }

    fn string(&mut self, schema: &Value) -> Value {
        if let Some(text) = texts::generate(schema, self.source) {
            return text.into();
        }
        let min = schema["minLength"].as_u64().unwrap_or(0) as usize;
        let max = schema["maxLength"].as_u64().map_or(min + 5, |max| max as usize);
        let count = min + self.source.below(max - min + 1);
        const LETTERS: &[char] = &['a', 'Z', '0', ' ', '"', '\\', 'é', '語', '🙂', '\n'];
        (0..count)
            .map(|_| LETTERS[self.source.below(LETTERS.len())])
            .collect::<String>()
            .into()
    }

    fn array(&mut self, schema: &Value, depth: usize) -> Value {
        if let Some(items) = schema["prefixItems"].as_array() {
            return items.iter().map(|item| self.value(item, depth + 1)).collect();
        }
        let min = schema["minItems"].as_u64().unwrap_or(0) as usize;
        let max = schema["maxItems"].as_u64().map_or(min + 3, |max| max as usize);
        let count = if depth > 6 {
            min
        } else {
            min + self.source.below(max - min + 1)
        };
        let mut items: Vec<Value> = Vec::new();
        for _ in 0..count {
            let item = self.value(&schema["items"], depth + 1);
            if schema["uniqueItems"] != json!(true) || !items.contains(&item) {
                items.push(item);
            }
        }
        items.into()
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut object = Map::new();
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&&**name) || self.source.below(2) == 0 {
                object.insert(name.clone(), self.value(property, depth + 1));
            }
        }
        if let Some(values @ Value::Object(_)) = schema.get("additionalProperties") {
            for index in 0..self.source.below(3) {
                let key = match schema["propertyNames"].get("enum").and_then(Value::as_array) {
                    Some(names) => names[self.source.below(names.len())].as_str().unwrap().to_owned(),
                    None if schema.get("propertyNames").is_some() => index.to_string(),
                    None => format!("key{index}"),
                };
                object.insert(key, self.value(values, depth + 1));
            }
        }
        object.into()
    }
}
