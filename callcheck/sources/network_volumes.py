"""Does a volume lie on a network file system, whose changes the kernel of another client is not told of?

    volumes: { inbox: { driver_opts: { type: nfs, o: "addr=10.0.0.4", device: ":/inbox" } } }     # Compose
    storageClassName: efs-sc            provisioner: efs.csi.aws.com                              # a claim of Kubernetes, and its class
    accessModes: [ReadWriteMany]        # what several nodes may write at once
    volume { efs_volume_configuration { file_system_id = ... } }                                  # ECS

Sources: inotify(7) (it reports what is done through the file system's own interface on this machine, and nothing of network file systems); docs.docker.com/engine/storage/volumes (driver_opts);
kubernetes.io/docs/concepts/storage (volumes, persistent-volumes, access modes); the drivers' own names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table, value_at
from callcheck.sources.manifests import Manifest, collect
from callcheck.sources.mounts import Container

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_TYPES = pattern(r"^(?:nfs4?|cifs|smb3?|ceph|glusterfs|9p|fuse\.\w+|sshfs)$")
_DRIVERS = pattern(r"(?i)efs\.csi|file\.csi\.azure|filestore\.csi|nfs\.csi|smb\.csi|fsx\.csi|fsx\.openzfs|cephfs|gcsfuse|s3\.csi|blob\.csi\.azure|nfs-subdir|nfs-client|external-nfs|azure-file|glusterfs|longhorn.{0,60}nfs|trident.{0,60}nas|beegfs|lustre")
"""Provisioners and drivers, of Docker as well."""
_PLUGINS = pattern(r"(?i)\b(?:nfs|efs|cifs|smb|netshare|sshfs|glusterfs|ceph)\b")
_CLASSES = pattern(r"(?i)(?:^|[-_.])(?:efs|nfs|azurefile|filestore|smb|cifs|cephfs|rwx|fsx)(?:$|[-_.])")
"""Names of classes that the platform brings along: `azurefile-csi`, `standard-rwx`, `efs-sc`."""
_KINDS = ("nfs ", "azureFile ", "cephfs ", "glusterfs ", "smb ")


@dataclass(frozen=True, slots=True)
class NetworkVolume:
    """Where it is said; `sure` where the file system's own kind is, and not only that several nodes may write to it."""

    where: Location
    sure: bool
    share: bool
    """Whether it is a share of another machine, which is written from there as well."""


def network_volume(eyes: Eyes, container: Container, source: str) -> NetworkVolume | None:
    """Of a source of `mounts`."""
    here = Location(clean(container.file.name), container.line or 1)
    if container.system == "compose":
        return _of_compose(eyes, container, source)
    if container.system == "ecs":
        return NetworkVolume(here, True, False) if source.startswith("efs ") else None
    if source.startswith("claim "):
        return _of_claim(eyes, source)
    if source.startswith(_KINDS) or source.startswith("csi ") and _DRIVERS.search(source):
        return NetworkVolume(here, True, True)
    return None


def _of_compose(eyes: Eyes, container: Container, source: str) -> NetworkVolume | None:
    volumes = value_at(eyes.readable_document(container.file), "volumes")
    volume = volumes.get(source) if isinstance(volumes, Table) else None
    if not isinstance(volume, Table) or not (_TYPES.match(str(value_at(volume, "driver_opts", "type") or "")) or _PLUGINS.search(str(volume.get("driver") or ""))):
        return None
    return NetworkVolume(Location(clean(container.file.name), volumes.lines[source]), True, True)


def _of_claim(eyes: Eyes, source: str) -> NetworkVolume | None:
    found = collect(eyes)
    name = source.split(" ")[2].split("/")[0]
    claim = next((each for each in found.of("PersistentVolumeClaim") if each.name == name), None)
    if claim is None:
        return None
    named = str(claim.get("spec", "storageClassName") or "")
    made = next((each for each in found.of("StorageClass") if named and each.name == named), None)
    volumes = [each for each in found.of("PersistentVolume") if each.name == claim.get("spec", "volumeName") or each.get("spec", "claimRef", "name") == name]
    for each in (made, *volumes):
        if each is not None and (at := _network(each)):
            return NetworkVolume(each.where(*at), True, False)
    if made is not None or any(volumes):
        return None
    if named and _CLASSES.search(named):
        return NetworkVolume(claim.where("spec", "storageClassName"), True, False)
    modes = claim.get("spec", "accessModes")
    many = isinstance(modes, list) and "ReadWriteMany" in modes and claim.get("spec", "volumeMode") != "Block"
    return NetworkVolume(claim.where("spec", "accessModes"), False, False) if many else None


def _network(made: Manifest) -> tuple[str, ...]:
    """Where a class or a volume says that it is one; empty where it is not."""
    if _DRIVERS.search(str(made.get("provisioner") or "")):
        return ("provisioner",)
    kind = next((key.strip() for key in _KINDS if isinstance(made.get("spec", key.strip()), Table)), "")
    if kind:
        return ("spec", kind)
    return ("spec", "csi", "driver") if _DRIVERS.search(str(made.get("spec", "csi", "driver") or "")) else ()
