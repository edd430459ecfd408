//! Allocation counts are exact, so they are a test: a change that adds one to a run is seen where it is made.

use agno_benches::CASES;

#[test]
fn no_case_allocates_more_than_it_may() {
    for case in CASES {
        let Some(most) = case.most_allocations else {
            continue;
        };
        (case.run)(10);
        let of = |times| allocation_counter::measure(|| (case.run)(times)).count_total;
        let each = (of(200) - of(100)) / 100;
        assert!(
            each <= most,
            "{} ({}): {each} allocations, at most {most} are allowed",
            case.name,
            case.form
        );
    }
}
