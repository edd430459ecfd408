//! The suite of tests for stores, applied to the store in memory and to stores with faults.

use agno::store::{MemoryStore, Result, SessionLocks, StoreLimits};
use agno::testing::store::{StoreFactory, TestClock, check};
use agno_tests::quiet_tool_panics;

use super::faulty::{Fault, Faulty};

struct InMemory;

impl StoreFactory for InMemory {
    type Store = MemoryStore;
    type Data = MemoryStore;

    async fn create(&self) -> Result<MemoryStore> {
        Ok(MemoryStore::new())
    }

    async fn open(&self, data: &MemoryStore, limits: StoreLimits, clock: TestClock) -> Result<MemoryStore> {
        Ok(data.clone().with_limits(limits).with_clock(clock))
    }

    async fn open_again(
        &self,
        data: &MemoryStore,
        limits: StoreLimits,
        clock: TestClock,
    ) -> Option<Result<MemoryStore>> {
        let store = self.open(data, limits, clock).await;
        Some(store.map(|store| store.with_locks(SessionLocks::new())))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_memory_passes_the_suite() {
    let report = check(&InMemory).await;
    println!("{report}");
    report.assert_passed();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_with_all_capabilities_runs_all_cases() {
    let report = check(&Faulty(Fault::None)).await;
    report.assert_passed();
    assert_eq!(report.skipped().collect::<Vec<_>>(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_finds_each_fault() {
    quiet_tool_panics();
    // Each fault with a case that must find it.
    let faults = [
        (
            Fault::Merge,
            "creating_a_session_that_exists_is_a_conflict_and_its_history_stays",
        ),
        (
            Fault::LostEntry,
            "the_holder_of_a_lease_can_append_and_others_cannot",
        ),
        (
            Fault::Repeat,
            "an_entry_that_is_appended_again_after_others_keeps_its_version",
        ),
        (
            Fault::OneOwner,
            "erasing_an_owner_leaves_the_sessions_of_the_others",
        ),
        (
            Fault::SharedByName,
            "two_owners_can_use_one_id_for_different_sessions",
        ),
        (Fault::LowerCaseIds, "hostile_ids_are_distinct_sessions"),
        (Fault::TrimmedIds, "hostile_ids_are_distinct_sessions"),
        (Fault::CutIds, "hostile_ids_are_distinct_sessions"),
        (Fault::JoinedKeys, "owners_and_ids_are_not_joined"),
        (Fault::CutTitles, "a_title_with_hostile_characters_comes_back"),
        (Fault::NoLeases, "a_lease_is_exclusive"),
        (
            Fault::EndlessLeases,
            "a_lease_expires_at_its_time_and_another_program_can_take_it",
        ),
        (
            Fault::AnyoneReleases,
            "a_lease_is_not_released_with_another_token",
        ),
        (
            Fault::ReadsAll,
            "only_as_many_entries_are_returned_as_have_the_needed_messages",
        ),
        (
            Fault::LostState,
            "the_state_is_that_of_the_newest_entry_with_a_state",
        ),
        (
            Fault::LostUsage,
            "the_usage_of_a_session_is_the_sum_of_its_entries",
        ),
        (
            Fault::SilentSummary,
            "an_older_summary_is_refused_and_the_newer_one_stays",
        ),
        (Fault::CaseSensitive, "upper_and_lower_case_are_equal"),
        (
            Fault::SearchesJson,
            "keys_and_structure_of_the_stored_json_are_not_found",
        ),
        (
            Fault::OffsetPages,
            "sessions_that_are_created_during_paging_do_not_move_the_others",
        ),
        (Fault::EndlessPages, "the_last_page_has_no_cursor"),
        (Fault::ForkReplaces, "a_fork_does_not_replace_an_existing_session"),
        (Fault::SilentRename, "a_session_that_does_not_exist_has_no_title"),
        (
            Fault::SilentDelete,
            "deleting_a_session_that_does_not_exist_returns_false",
        ),
        (Fault::KeepsLeases, "erasing_ends_the_leases_of_an_owner"),
        (Fault::KeepsBytes, "no_erased_text_is_left_in_the_files"),
        (
            Fault::NoLimits,
            "an_entry_that_is_too_large_is_refused_and_leaves_nothing",
        ),
        (Fault::SystemTime, "the_times_are_those_of_the_clock"),
        (
            Fault::SilentDamage,
            "a_damaged_entry_is_an_error_that_names_the_session_and_the_version",
        ),
        (
            Fault::SpreadingDamage,
            "damage_leaves_the_other_sessions_readable",
        ),
        (Fault::Forgets, "sessions_with_their_entries_are_the_same"),
        (
            Fault::Separate,
            "a_second_handle_sees_each_entry_of_the_first_and_has_other_locks",
        ),
        (Fault::Panics, "a_title_is_found"),
    ];
    let checks = faults.map(|(fault, case)| {
        let check = tokio::spawn(async move { check(&Faulty(fault)).await });
        (fault, case, check)
    });
    for (fault, case, check) in checks {
        let report = check.await.unwrap();
        let failures: Vec<_> = report.failures().collect();
        let found = failures.iter().find(|(name, _)| *name == case);
        let Some((_, message)) = found else {
            panic!("the case {case} does not find the fault {fault:?}: {failures:?}");
        };
        assert_eq!(
            message.contains("a panic: secret detail"),
            fault == Fault::Panics,
            "{message}"
        );
    }
}

#[tokio::test]
#[should_panic(
    expected = "an_entry_that_is_too_large_is_refused_and_leaves_nothing: an entry of 1,001 bytes"
)]
async fn a_report_with_failures_panics_with_their_list() {
    check(&Faulty(Fault::NoLimits)).await.assert_passed();
}
