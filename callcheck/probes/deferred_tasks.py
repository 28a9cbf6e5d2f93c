"""Which tasks of Airflow put themselves off until the triggerer wakes them, and is it left out?

    S3KeySensor(task_id="arrived", ..., deferrable=True)      # or AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE=true
    triggerer: {enabled: false}                               # values of the chart

Sources: airflow.apache.org, authoring-and-scheduling/deferring (at least one triggerer must run); apache-airflow 2.9 configuration, operators.default_deferrable (false), which those operators read whose
`deferrable` is `conf.getboolean("operators", "default_deferrable")`; apache-airflow chart 1.15, triggerer.enabled (true).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.needed import WorkerNeeded
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Literal, last_name
from callcheck.sources.documents import line_at, value_at
from callcheck.sources.environment import settings
from callcheck.sources.launch import mappings

_ABLE = frozenset(
    "S3KeySensor S3KeysUnchangedSensor SqsSensor ExternalTaskSensor FileSensor TriggerDagRunOperator GCSObjectExistenceSensor GCSObjectUpdateSensor GCSObjectsWithPrefixExistenceSensor GCSUploadSessionCompleteSensor"
    " BigQueryInsertJobOperator BigQueryTableExistenceSensor BigQueryTablePartitionExistenceSensor DataprocSubmitJobOperator DatabricksSubmitRunOperator DatabricksRunNowOperator SnowflakeSqlApiOperator KubernetesPodOperator"
    " EksPodOperator GKEStartPodOperator GlueJobOperator GlueCrawlerOperator EmrStepSensor EmrAddStepsOperator EmrJobFlowSensor EcsRunTaskOperator BatchOperator BatchSensor RedshiftDataOperator AthenaOperator AthenaSensor"
    " AzureDataFactoryRunPipelineOperator AzureDataFactoryPipelineRunStatusSensor WasbBlobSensor DbtCloudRunJobOperator DbtCloudJobRunSensor HttpOperator HttpSensor SFTPSensor PubSubPullSensor LambdaInvokeFunctionOperator"
    " SageMakerTrainingOperator SageMakerTransformOperator StepFunctionStartExecutionOperator".split()
)
"""Operators that take the setting for all, as long as they are not told themselves."""
_ALWAYS = frozenset({"DateTimeSensorAsync", "TimeSensorAsync", "TimeDeltaSensorAsync"})
_VARIABLE = "AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE"
_TRUE = frozenset({"true", "t", "1"})
_CHART = pattern(r"\bairflow(?:Version|HomeDir)?\b|\bAirflow\b")
_BESIDE, _STARTED = r"\bairflow scheduler\b|^scheduler$", r"\bairflow (?:triggerer|standalone)\b|^triggerer$"
_WHY = "the triggerer is turned off, and nothing else wakes a task that puts itself off, so it stays deferred; set triggerer.enabled to true"


class DeferredTasks:
    """Whether a triggerer is started is laid beside the units by the link `missing-workers`."""

    name = "deferred-tasks"
    looks_at = Sight.SOURCE
    marks = ("airflow",)
    answers = frozenset({WorkerNeeded, LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        said = _by_default(eyes)
        found = next(_deferred(eyes, said is not None), None)
        if found is None:
            return
        fact = WorkerNeeded("airflow triggerer", _BESIDE, _STARTED, "airflow", "python")
        by_default = said is not None and found.keyword("deferrable") is None and last_name(found.callee) in _ABLE
        because = (Evidence(fact, Basis.DECLARED, self.name, said, label="with this they all put themselves off"),) if said is not None and by_default else ()
        yield seen(fact, found, self.name, because)
        for each in mappings(eyes, ("values*.y*ml", "*values.y*ml", "*/airflow/*.y*ml"), "triggerer"):
            if isinstance(each, Lost):
                yield each
            elif value_at(each[1], "triggerer", "enabled") is False and _CHART.search(eyes.readable(each[0], 300_000)):
                trap = LibraryTrap("runtime-not-started", "strong", _WHY, last_name(found.callee), "airflow", "python")
                task = seen(trap, found, self.name, because, label="this task puts itself off")
                yield Evidence(trap, Basis.DECLARED, self.name, Location(clean(each[0].name), line_at(each[1], "triggerer", "enabled") or 1), because=(task,))


def _by_default(eyes: Eyes) -> Location | None:
    """Where all operators are told to put themselves off that can."""
    told = next((each.where for each in settings(eyes) if each.name == _VARIABLE and each.value.lower() in _TRUE), None)
    for file in eyes.tree.named("airflow.cfg") if told is None else ():
        document = eyes.document(file)
        if str(value_at(document, "operators", "default_deferrable")).lower() in _TRUE:
            return Location(clean(file.name), line_at(document, "operators", "default_deferrable") or 1)
    return told


def _deferred(eyes: Eyes, by_default: bool) -> Iterator[Call]:
    """Tasks that put themselves off, in files that speak of Airflow."""
    for call in eyes.code.project.calls(*sorted(_ABLE | _ALWAYS)):
        module, told = module_of(call), call.keyword("deferrable")
        if is_test(module.path) or "airflow" not in module.text:
            continue
        if last_name(call.callee) in _ALWAYS or (told is None and by_default) or (isinstance(told, Literal) and told.value is True):
            yield call


PROBE = DeferredTasks()
