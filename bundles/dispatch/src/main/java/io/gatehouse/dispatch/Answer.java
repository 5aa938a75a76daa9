package io.gatehouse.dispatch;

import io.gatehouse.api.command.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What there is to say to what arrived. */
sealed interface Answer permits Answer.End, Answer.Report, Answer.Silence {
    /** A command's end, once it has one; nothing where whoever comes next says it. */
    record End(Call call, CompletionStage<Optional<Outcome>> outcome) implements Answer {}

    /** A report about a resource. */
    record Report(String resource, Map<String, ?> body) implements Answer {}

    /** Nothing. */
    enum Silence implements Answer {
        SILENCE
    }
}
