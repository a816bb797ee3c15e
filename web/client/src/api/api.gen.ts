// Generated from the server's OpenAPI document by `npm run api`; do not edit.
export interface paths {
    "/api/demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every one-click sign-in, in the order of the door.
         * @description Public: the demo's people are invented, and this address exists in the demo only.
         */
        get: operations["demo_links"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/office/day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The visits of one day of the prison.
         * @description Permission: OFFICE_DAY_SEE. Audit: day.viewed.
         */
        get: operations["office_visits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/office/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in.
         * @description Permission: OFFICE_DAY_SEE. Audit: none, people are shown their own name.
         */
        get: operations["office_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/office/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open the visits office's session with a sign-in code.
         * @description Permission: SESSION_OPEN. Audit: session.opened.
         */
        post: operations["office_sign_in"];
        /**
         * End the session.
         * @description Permission: SESSION_OPEN. Audit: session.closed.
         */
        delete: operations["office_sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/officer/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in.
         * @description Permission: WALL_SEE. Audit: none, people are shown their own name.
         */
        get: operations["officer_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/officer/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The recordings of the officer's prison, newest first; only those that may be opened.
         * @description Permission: RECORDING_LIST. Audit: recordings.listed.
         */
        get: operations["recordings_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/officer/recordings/{id}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a recording for 15 minutes; the reason is written to the audit log before anything is shown.
         * @description Permission: RECORDING_OPEN. Audit: recording.opened.
         */
        post: operations["recording_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/officer/recordings/{id}/tracks/{track}/clusters/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One WebM cluster of a track; its timecodes are milliseconds of the recording.
         * @description Permission: RECORDING_OPEN. Audit: none, it is of an opening that was written down with its reason, and of nothing else.
         */
        get: operations["recording_cluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/officer/recordings/{id}/tracks/{track}/init": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A track's WebM header, to be given to MediaSource first.
         * @description Permission: RECORDING_OPEN. Audit: none, it is of an opening that was written down with its reason, and of nothing else.
         */
        get: operations["recording_init"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/officer/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open an officer's session with a sign-in code.
         * @description Permission: SESSION_OPEN. Audit: session.opened.
         */
        post: operations["officer_sign_in"];
        /**
         * End the session, and every viewing grant in it.
         * @description Permission: SESSION_OPEN. Audit: session.closed.
         */
        delete: operations["officer_sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/officer/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-use ticket for the socket, good for 60 s.
         * @description Permission: WALL_SEE. Audit: none, a ticket shows and changes nothing; what is done with it is written down.
         */
        post: operations["officer_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The policy packs, those that prisons of this house go by first.
         * @description Public: what the law makes of a visit is for everybody to read, before they have anything to do with it.
         */
        get: operations["policy_packs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policies/{pack}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What one pack makes of each kind of visit: the words its calls are held under.
         * @description Public: what the law makes of a visit is for everybody to read, before they have anything to do with it.
         */
        get: operations["policy_pack"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/terminal/day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Today's visits of this terminal.
         * @description Permission: TERMINAL_DAY_SEE. Audit: none, people are shown what is their own, and nothing of anybody's who did not arrange it with them.
         */
        get: operations["terminal_visits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/terminal/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a cell terminal's session with a sign-in code.
         * @description Permission: SESSION_OPEN. Audit: session.opened.
         */
        post: operations["terminal_sign_in"];
        /**
         * End the session.
         * @description Permission: SESSION_OPEN. Audit: session.closed.
         */
        delete: operations["terminal_sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/terminal/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-use ticket for the socket, good for 60 s.
         * @description Permission: TERMINAL_DAY_SEE. Audit: none, a ticket shows and changes nothing; what is done with it is written down.
         */
        post: operations["terminal_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitor/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in, and for which visit.
         * @description Permission: NAME_SEE. Audit: none, people are shown their own name.
         */
        get: operations["visitor_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitor/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whom whoever is signed in visits, or has asked to visit, and what the prison said.
         * @description Permission: OWN_SEE. Audit: none, people are shown what is their own, and nothing of anybody's who did not arrange it with them.
         */
        get: operations["own_people"];
        put?: never;
        /**
         * Ask to visit a prisoner, once and for the whole estate. The answer is the same whether there is one.
         * @description Permission: LINK_ASK. Audit: link.asked or link.added or link.changed.
         */
        post: operations["own_people_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitor/people/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a request back that has not been answered.
         * @description Permission: LINK_ASK. Audit: link.withdrawn or link.changed.
         */
        delete: operations["own_people_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitor/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a relative's session with the secret of their link.
         * @description Permission: SESSION_OPEN. Audit: session.opened.
         */
        post: operations["visitor_sign_in"];
        /**
         * End the session.
         * @description Permission: SESSION_OPEN. Audit: session.closed.
         */
        delete: operations["visitor_sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitor/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-use ticket for the socket, good for 60 s.
         * @description Permission: VISIT_JOIN. Audit: none, a ticket shows and changes nothing; what is done with it is written down.
         */
        post: operations["visitor_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitor/visit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The visit the link was sent for, and what will happen to the call.
         * @description Permission: VISIT_SEE. Audit: none, people are shown what is their own, and nothing of anybody's who did not arrange it with them.
         */
        get: operations["visitor_visit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitor/visits/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of the visits of whoever is signed in, and what will happen to the call.
         * @description Permission: OWN_VISIT_SEE. Audit: none, people are shown what is their own, and nothing of anybody's who did not arrange it with them.
         */
        get: operations["visitor_visit_of"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitor/visits/{id}/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-use ticket for the socket, good for 60 s and for this visit.
         * @description Permission: OWN_VISIT_JOIN. Audit: none, a ticket shows and changes nothing; what is done with it is written down.
         */
        post: operations["visitor_ticket_for"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Against
         * @description One reason why a request was refused, in words of the person's language.
         *
         *     `at` is the JSON pointer of the body's field that is meant, or the query's name; `about` the id of the person
         *     or thing that is meant.
         */
        Against: {
            /** About */
            about: string | null;
            /** At */
            at: string | null;
            /**
             * Code
             * @enum {string}
             */
            code: "already_decided" | "already_there" | "bad_description" | "bad_input" | "bad_message" | "bad_origin" | "bad_reason" | "booker_not_permitted" | "booker_visitor_not_permitted" | "call_elsewhere" | "call_ended" | "call_fenced" | "call_not_held" | "call_not_joined" | "call_not_live" | "call_not_ringing" | "call_unknown" | "category_group" | "conditions_changed" | "court_contact_restriction" | "cursor_unknown" | "date_too_early" | "date_too_late" | "day_closed" | "disk_full" | "draining" | "elsewhere" | "field_missing" | "field_unknown" | "grant_missing" | "higher_priority_appointment" | "in_use" | "incentive_group" | "internal" | "key_missing" | "key_reused" | "kind_not_available" | "kind_unknown" | "leg_limit" | "leg_unknown" | "list_too_long" | "list_too_short" | "location_group" | "no_adult" | "no_allowance" | "no_child" | "no_closed_capacity" | "no_slot_capacity" | "no_visitors" | "non_association" | "not_a_choice" | "not_bookable" | "not_for_you_to_book" | "not_found" | "not_free" | "not_permitted" | "not_signed_in" | "not_watching" | "number_too_large" | "number_too_small" | "officer_already_booked" | "official_check_expired" | "official_not_verified" | "other_prisoner_missing" | "outcome_unknown" | "person_not_here" | "prison_closed" | "prison_not_found" | "prison_prisoner_mismatch" | "prisoner_banned" | "prisoner_leaves" | "prisoner_not_found" | "prisoner_released" | "prisoner_transferred" | "public_holiday" | "reason_required" | "recorder_missing" | "recording_unknown" | "recording_unreadable" | "remand_visit_limit_for_week_reached" | "responsible_adult_missing" | "session_date_blocked" | "session_ended" | "session_for_children" | "session_kind" | "session_not_available" | "session_template_not_found" | "session_user_type" | "sign_in_refused" | "slot_taken" | "sound_not_allowed" | "stale" | "still_running" | "terminal_already_booked" | "terminal_blocked" | "terminal_not_for_kind" | "terminal_not_found" | "text_required" | "text_too_long" | "text_too_short" | "ticket_refused" | "time_across_clock_change" | "time_ambiguous" | "time_backwards" | "time_in_past" | "time_nonexistent" | "time_not_offered" | "time_off_grid" | "too_large" | "too_long" | "too_many" | "too_many_adults" | "too_many_children" | "too_many_children_per_adult" | "too_many_visitors" | "too_many_waiting" | "unavailable" | "user_type" | "version_missing" | "version_unsupported" | "visit_already_booked" | "visit_cancelled" | "visit_closed" | "visit_date_blocked" | "visit_early" | "visit_not_over" | "visit_over" | "visit_undecided" | "visitor_age_unknown" | "visitor_already_booked" | "visitor_banned" | "visitor_cannot_come" | "visitor_not_approved" | "visitor_not_for_kind" | "visitor_not_found" | "visitor_not_linked" | "warning_unknown";
            /** Detail */
            detail: string;
            /** Params */
            params: {
                [key: string]: string | number;
            };
        };
        /**
         * AllowanceView
         * @description Minutes in a calendar week or month, for these kinds together.
         */
        AllowanceView: {
            /** Kinds */
            kinds: string[];
            /** Minutes */
            minutes: number;
            /**
             * Period
             * @enum {string}
             */
            period: "week" | "month";
        };
        /**
         * AppealView
         * @description Where decisions of these kinds can be taken, and within how many days; None where no deadline is known.
         */
        AppealView: {
            /** Days */
            days: number | null;
            /** Decisions */
            decisions: ("reject" | "cancel" | "end" | "ban" | "restrict" | "listen")[];
            how: components["schemas"]["Words"];
            to: components["schemas"]["Words"];
        };
        /**
         * AskForPrisoner
         * @description Somebody outside asks to visit a prisoner, whom they describe as well as they can.
         */
        AskForPrisoner: {
            /**
             * Prisoner Born On
             * Format: date
             */
            prisoner_born_on: string;
            /** Prisoner Name */
            prisoner_name: string;
            /** Prisoner Number */
            prisoner_number: string;
            /** Relation */
            relation: string;
        };
        /**
         * BookingView
         * @description What a relative needs to know before they book; ages in years, None is no limit.
         */
        BookingView: {
            /** Adult Age */
            adult_age: number;
            /** Adults */
            adults: number;
            /** Allowances */
            allowances: components["schemas"]["AllowanceView"][];
            /** Children */
            children: number | null;
            /** Escort Age */
            escort_age: number;
            /** Max Days */
            max_days: number;
            /** Min Days */
            min_days: number;
            /** Visitors */
            visitors: number | null;
        };
        /**
         * ClusterView
         * @description One WebM cluster that can be fetched; seek to one that begins with a keyframe.
         */
        ClusterView: {
            /**
             * From Ms
             * @description milliseconds from the recording's start
             */
            from_ms: number;
            /** Index */
            index: number;
            /** Keyframe */
            keyframe: boolean;
            /**
             * To Ms
             * @description milliseconds from the recording's start
             */
            to_ms: number;
        };
        /**
         * CodeSignIn
         * @description The demo's sign-in of a cell terminal or of staff: a terminal's label or a member of staff.
         */
        CodeSignIn: {
            /** Code */
            code: string;
        };
        /**
         * Demo
         * @description Everything the demo's door offers.
         */
        Demo: {
            /** Links */
            links: components["schemas"]["DemoLink"][];
        };
        /**
         * DemoLink
         * @description A one-click sign-in of the demo.
         */
        DemoLink: {
            /**
             * App
             * @enum {string}
             */
            app: "visitor" | "terminal" | "officer" | "office";
            /** Href */
            href: string;
            label: components["schemas"]["Words"];
        };
        /**
         * Gap
         * @description A stretch nothing was recorded, and why; `track` is null when it is every track.
         */
        Gap: {
            /**
             * From Ms
             * @description milliseconds from the recording's start
             */
            from_ms: number;
            /** Reason */
            reason: string;
            /**
             * To Ms
             * @description milliseconds from the recording's start
             */
            to_ms: number;
            /** Track */
            track: string | null;
        };
        /**
         * KindView
         * @description One kind of visit. `decided`: what changes when a decision to listen was made beforehand.
         */
        KindView: {
            about: components["schemas"]["Words"];
            /**
             * Approval
             * @enum {string}
             */
            approval: "automatic" | "office";
            /** Both Prisons */
            both_prisons: boolean;
            decided: components["schemas"]["RuleView"] | null;
            /** Kind */
            kind: string;
            name: components["schemas"]["Words"];
            ordinary: components["schemas"]["RuleView"];
            /** Verified */
            verified: boolean;
        };
        /**
         * LinkSignIn
         * @description A relative's sign-in: the secret part of the link they were sent.
         */
        LinkSignIn: {
            /** Link */
            link: string;
        };
        /**
         * Me
         * @description Who is signed in to a staff app.
         */
        Me: {
            /** Name */
            name: string;
            /** Prison */
            prison: string;
        };
        /**
         * Notice
         * @description What a person is told about the call, and why it is so. The first one is the banner's line.
         */
        Notice: {
            /** Code */
            code: string;
            why: components["schemas"]["Words"];
            words: components["schemas"]["Words"];
        };
        /**
         * OfficeDay
         * @description A day of the prison's visits; `date` is a local date of the prison, YYYY-MM-DD.
         */
        OfficeDay: {
            /** Date */
            date: string;
            /**
             * Now
             * @description milliseconds since the epoch, UTC
             */
            now: number;
            /** Visits */
            visits: components["schemas"]["OfficeVisit"][];
        };
        /**
         * OfficeVisit
         * @description One visit of the office's day. `office` is a professional visitor's firm or authority.
         *
         *     `undecided` says why the visit cannot be held: nothing of it is started, recorded or watched until that is mended.
         */
        OfficeVisit: {
            /** Cell */
            cell: string;
            /** Closed */
            closed: boolean;
            /**
             * Ends At
             * @description milliseconds since the epoch, UTC
             */
            ends_at: number;
            /** Kind */
            kind: string;
            /** Office */
            office: string | null;
            /** Outcome */
            outcome: string | null;
            /** Prisoner */
            prisoner: string;
            relation: components["schemas"]["Words"];
            /**
             * Starts At
             * @description milliseconds since the epoch, UTC
             */
            starts_at: number;
            /**
             * State
             * @enum {string}
             */
            state: "booked" | "live" | "held" | "done" | "missed" | "cancelled";
            undecided: components["schemas"]["Undecided"] | null;
            /** Unit */
            unit: string | null;
            /** Visit */
            visit: string;
            /** Visitor */
            visitor: string;
        };
        /**
         * OpenRecording
         * @description Why a recording is opened; both are written to the audit log. `other` needs a note.
         */
        OpenRecording: {
            /**
             * Note
             * @default
             */
            note: string;
            /**
             * Reason
             * @enum {string}
             */
            reason: "crime_prevention" | "order" | "safety" | "threats" | "complaint" | "technical" | "other";
        };
        /**
         * PackHead
         * @description A policy pack: whose law, which version, since when. `in_use`: a prison of this house goes by it.
         */
        PackHead: {
            /** In Use */
            in_use: boolean;
            jurisdiction: components["schemas"]["Words"];
            /** Pack */
            pack: string;
            /** Reviewed */
            reviewed: boolean;
            /** Valid From */
            valid_from: string;
            /** Valid Until */
            valid_until: string | null;
            /** Version */
            version: string;
        };
        /**
         * PackList
         * @description The packs of this house. `unreadable`: packs that prisons go by and nobody can read, by name.
         */
        PackList: {
            /** Packs */
            packs: components["schemas"]["PackHead"][];
            /** Unreadable */
            unreadable: string[];
        };
        /**
         * PartySpan
         * @description A stretch of one track; width and height in pixels, null for sound.
         */
        PartySpan: {
            /**
             * From Ms
             * @description milliseconds from the recording's start
             */
            from_ms: number;
            /** Height */
            height: number | null;
            /**
             * To Ms
             * @description milliseconds from the recording's start
             */
            to_ms: number;
            /** Width */
            width: number | null;
        };
        /**
         * PeopleView
         * @description Whom one visits and has asked to visit, and who one may say one is to them.
         */
        PeopleView: {
            /** People */
            people: components["schemas"]["PersonView"][];
            /** Relations */
            relations: components["schemas"]["RelationView"][];
        };
        /**
         * PersonState
         * @description OVERDUE = the promised day has passed without an answer, be it that nobody fits or that nobody looked.
         * @enum {string}
         */
        PersonState: "requested" | "overdue" | "approved" | "rejected" | "ended";
        /**
         * PersonView
         * @description Somebody one visits, or has asked to. Until the prison has approved of it `name` and `number` are one's
         *     own words. `reason` is the prison's, as it was written.
         */
        PersonView: {
            /** Asked At */
            asked_at: number | null;
            /** Expected By */
            expected_by: string | null;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Number */
            number: string | null;
            /** Prison */
            prison: string | null;
            /** Prisoner */
            prisoner: string | null;
            /** Reason */
            reason: string;
            relation: components["schemas"]["Words"];
            state: components["schemas"]["PersonState"];
        };
        /**
         * PolicyView
         * @description The rule that decided the conditions of a visit.
         */
        PolicyView: {
            legal_basis: components["schemas"]["Words"];
            /** Pack */
            pack: string;
            /** Rule */
            rule: string;
            /** Version */
            version: string;
        };
        /**
         * Problem
         * @description RFC 9457 problem: `code` from a closed list, `detail` for people, in the language they asked for.
         *
         *     `refusals` are all the reasons together, at least one. `title` is for the reader of a log.
         */
        Problem: {
            /**
             * Code
             * @enum {string}
             */
            code: "already_decided" | "already_there" | "bad_description" | "bad_input" | "bad_message" | "bad_origin" | "bad_reason" | "call_elsewhere" | "call_ended" | "call_fenced" | "call_not_held" | "call_not_joined" | "call_not_live" | "call_not_ringing" | "call_unknown" | "conditions_changed" | "cursor_unknown" | "disk_full" | "draining" | "elsewhere" | "field_missing" | "field_unknown" | "grant_missing" | "in_use" | "internal" | "key_missing" | "key_reused" | "leg_limit" | "leg_unknown" | "list_too_long" | "list_too_short" | "not_a_choice" | "not_bookable" | "not_found" | "not_permitted" | "not_signed_in" | "not_watching" | "number_too_large" | "number_too_small" | "outcome_unknown" | "reason_required" | "recorder_missing" | "recording_unknown" | "recording_unreadable" | "session_ended" | "sign_in_refused" | "slot_taken" | "sound_not_allowed" | "stale" | "still_running" | "text_required" | "text_too_long" | "text_too_short" | "ticket_refused" | "too_large" | "too_many" | "too_many_waiting" | "unavailable" | "version_missing" | "version_unsupported" | "visit_cancelled" | "visit_closed" | "visit_early" | "visit_not_over" | "visit_over" | "visit_undecided" | "warning_unknown";
            /** Detail */
            detail: string;
            /** Params */
            params: {
                [key: string]: string | number;
            };
            /** Refusals */
            refusals: components["schemas"]["Against"][];
            /** Status */
            status: number;
            /** Title */
            title: string;
            /** Type */
            type: string;
        };
        /**
         * Proof
         * @description How many parts the recording has, how many are signed, and whether all of them check out.
         */
        Proof: {
            /** Parts */
            parts: number;
            /** Signed */
            signed: number;
            /** Verified */
            verified: boolean;
        };
        /**
         * RecordedParty
         * @description Who is heard and seen in a recording, by first name.
         */
        RecordedParty: {
            /** Name */
            name: string;
            /** Party */
            party: string;
        };
        /**
         * RecordingRow
         * @description One recording in the officer's list.
         */
        RecordingRow: {
            /**
             * Begun At
             * @description milliseconds since the epoch, UTC
             */
            begun_at: number;
            /** Cell */
            cell: string;
            /** Duration Ms */
            duration_ms: number | null;
            /** Ended At */
            ended_at: number | null;
            /** Gaps */
            gaps: number;
            /** Prisoner */
            prisoner: string;
            /** Recording */
            recording: string;
            relation: components["schemas"]["Words"];
            /** Sound */
            sound: boolean;
            /** Status */
            status: string;
            /** Visit */
            visit: string;
            /** Visitor */
            visitor: string;
        };
        /**
         * Recordings
         * @description Recordings of the officer's prison, newest first; a page may hold fewer than were asked for.
         */
        Recordings: {
            /** Items */
            items: components["schemas"]["RecordingRow"][];
            /** Next */
            next: string | null;
            /**
             * Now
             * @description milliseconds since the epoch, UTC
             */
            now: number;
        };
        /**
         * RelationView
         * @description Who one can be to a prisoner; `official` = in the course of one's work.
         */
        RelationView: {
            /** Code */
            code: string;
            /** Official */
            official: boolean;
            words: components["schemas"]["Words"];
        };
        /**
         * RuleView
         * @description What happens to a call: the same notices that its people are shown, and what they rest on.
         */
        RuleView: {
            /**
             * Basis
             * @enum {string}
             */
            basis: "law" | "guidance" | "policy";
            /** Closed */
            closed: boolean;
            legal_basis: components["schemas"]["Words"];
            /** Minutes */
            minutes: number;
            /** Notices */
            notices: components["schemas"]["Notice"][];
            /** Recorded */
            recorded: boolean;
            /** Rule */
            rule: string;
        };
        /**
         * TerminalDay
         * @description The day of one cell terminal.
         */
        TerminalDay: {
            /** Cell */
            cell: string;
            /**
             * Now
             * @description milliseconds since the epoch, UTC
             */
            now: number;
            /** Prisoner */
            prisoner: string;
            /** Visits */
            visits: components["schemas"]["TerminalVisit"][];
        };
        /**
         * TerminalVisit
         * @description One visit of the day, as the prisoner sees it.
         */
        TerminalVisit: {
            /** Closed */
            closed: boolean;
            /**
             * Ends At
             * @description milliseconds since the epoch, UTC
             */
            ends_at: number;
            /**
             * Joinable From
             * @description milliseconds since the epoch, UTC
             */
            joinable_from: number;
            /** Notices */
            notices: components["schemas"]["Notice"][];
            relation: components["schemas"]["Words"];
            /**
             * Starts At
             * @description milliseconds since the epoch, UTC
             */
            starts_at: number;
            /**
             * State
             * @enum {string}
             */
            state: "early" | "open" | "over" | "cancelled" | "undecided";
            /** Visit */
            visit: string;
            /** Visitor */
            visitor: string;
        };
        /**
         * Ticket
         * @description A one-use secret, good for 60 s, that opens the socket.
         */
        Ticket: {
            /** Ticket */
            ticket: string;
        };
        /**
         * TimelineEvent
         * @description Something that happened: joined, left, lost, back, hold, resume, warning, seen, gap, end, ...
         */
        TimelineEvent: {
            /**
             * At Ms
             * @description milliseconds from the recording's start
             */
            at_ms: number;
            /** Code */
            code: string | null;
            /** Kind */
            kind: string;
            /** Party */
            party: string | null;
            /** Text */
            text: string | null;
        };
        /**
         * TimelineView
         * @description An opened recording, `finished` when it was closed and signed to its end. Tracks the viewer may not have (sound) are not in it.
         */
        TimelineView: {
            /**
             * Begun At
             * @description milliseconds since the epoch, UTC
             */
            begun_at: number;
            /** Duration Ms */
            duration_ms: number;
            /** Events */
            events: components["schemas"]["TimelineEvent"][];
            /** Finished */
            finished: boolean;
            /** Gaps */
            gaps: components["schemas"]["Gap"][];
            /**
             * Granted Until
             * @description milliseconds since the epoch, UTC
             */
            granted_until: number;
            /** Parties */
            parties: components["schemas"]["RecordedParty"][];
            proof: components["schemas"]["Proof"];
            /** Recording */
            recording: string;
            /** Sound */
            sound: boolean;
            /** Tracks */
            tracks: components["schemas"]["TrackView"][];
        };
        /**
         * TrackView
         * @description One party's sound or picture. `codec` is what MediaSource is asked for, such as "vp8".
         */
        TrackView: {
            /** Clusters */
            clusters: components["schemas"]["ClusterView"][];
            /** Codec */
            codec: string;
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "audio" | "video";
            /** Party */
            party: string;
            /** Spans */
            spans: components["schemas"]["PartySpan"][];
        };
        /**
         * Undecided
         * @description Why a visit's conditions are not decided. The office has words for each, and a way on.
         * @enum {string}
         */
        Undecided: "policy_unreadable" | "policy_not_in_force" | "kind_unknown" | "contact_unfit" | "standing_missing" | "standing_lapsed" | "other_prison_silent" | "child_missing" | "child_heard" | "too_long" | "too_many" | "decision_unreadable" | "conditions_unreadable" | "conditions_changed";
        /**
         * VisitView
         * @description A relative's own visit. `notices` is empty only while the state is "undecided".
         */
        VisitView: {
            /** Closed */
            closed: boolean;
            /**
             * Ends At
             * @description milliseconds since the epoch, UTC
             */
            ends_at: number;
            /**
             * Joinable From
             * @description milliseconds since the epoch, UTC
             */
            joinable_from: number;
            /** Notices */
            notices: components["schemas"]["Notice"][];
            /**
             * Now
             * @description milliseconds since the epoch, UTC
             */
            now: number;
            /** Outcome */
            outcome: string | null;
            policy: components["schemas"]["PolicyView"] | null;
            /** Prisoner */
            prisoner: string;
            relation: components["schemas"]["Words"];
            /**
             * Starts At
             * @description milliseconds since the epoch, UTC
             */
            starts_at: number;
            /**
             * State
             * @enum {string}
             */
            state: "early" | "open" | "over" | "cancelled" | "undecided";
            /** Visit */
            visit: string;
            /** You */
            you: string;
        };
        /**
         * VisitorMe
         * @description Who is signed in: by the link of one visit, which is named, or on pages of their own.
         */
        VisitorMe: {
            /** Name */
            name: string;
            /** Visit */
            visit: string | null;
        };
        /**
         * WhatHappens
         * @description Everything the page says of one pack.
         */
        WhatHappens: {
            /** Appeals */
            appeals: components["schemas"]["AppealView"][];
            /** Ban Months */
            ban_months: number;
            booking: components["schemas"]["BookingView"];
            head: components["schemas"]["PackHead"];
            /** Kinds */
            kinds: components["schemas"]["KindView"][];
        };
        /**
         * Words
         * @description One text in every language of the product.
         */
        Words: {
            /** En */
            en: string;
            /** Fi */
            fi: string;
            /** Sv */
            sv: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    demo_links: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Demo"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    office_visits: {
        parameters: {
            query?: {
                date?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfficeDay"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    office_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    office_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeSignIn"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    office_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    officer_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordings_list: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The next page, rel="next"; none on the last */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recordings"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recording_open: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenRecording"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelineView"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recording_cluster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                track: string;
                index: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/webm": unknown;
                    "video/webm": unknown;
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recording_init: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                track: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/webm": unknown;
                    "video/webm": unknown;
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    officer_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeSignIn"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    officer_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    officer_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    policy_packs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackList"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    policy_pack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pack: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhatHappens"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    terminal_visits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminalDay"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    terminal_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeSignIn"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    terminal_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    terminal_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisitorMe"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    own_people: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeopleView"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    own_people_ask: {
        parameters: {
            query?: never;
            header: {
                /** @description New for each command, the same for each try of it: a repeat within 24 hours gets the same answer */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskForPrisoner"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was sent before, with another command */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    own_people_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkSignIn"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_visit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisitView"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_visit_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisitView"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    visitor_ticket_for: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description Malformed: the address, a header, the query or the body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nobody is signed in to this app */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not permitted, or asked from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such thing, or not yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available at the moment */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
