// Row classes of the rule image and of the matcher's own state. Unmanaged: a reference is a raw pointer.
// The checks below each class keep them equal to assembly/shared/image.ts; nothing remains of them in the binary.

import {
  CLASS_BYTES,
  CLASS_FLAGS,
  CLASS_PARENT,
  CLASS_PEERS,
  CLASS_PEER_BYTES,
  CLASS_PEER_COUNT,
  CLASS_PEER_ID,
  CLASS_PEER_SINCE,
  IMAGE_INTERFACE_ACL_EGRESS,
  IMAGE_INTERFACE_ACL_INGRESS,
  IMAGE_INTERFACE_BYTES,
  IMAGE_INTERFACE_EGRESS,
  IMAGE_INTERFACE_FLAGS,
  IMAGE_INTERFACE_ID,
  IMAGE_INTERFACE_ID_BYTES,
  IMAGE_INTERFACE_INGRESS,
  IMAGE_INTERFACE_LOCALS,
  IMAGE_INTERFACE_LOCAL_COUNT,
  IMAGE_INTERFACE_RESERVED,
  IMAGE_INTERFACE_RESERVED_COUNT,
  IMAGE_INTERFACE_TIMERS,
  LOCAL_BYTES,
  LOCAL_FIRST_HIGH,
  LOCAL_FIRST_LOW,
  LOCAL_LAST_HIGH,
  LOCAL_LAST_LOW,
  NLB_BYTES,
  NLB_INTERFACES,
  NLB_INTERFACE_COUNT,
  NLB_RULES,
  OUTCOME_ACCEPTED_DETAIL,
  OUTCOME_ACCEPTED_REASON,
  OUTCOME_ACCEPTED_VERDICT,
  OUTCOME_BYTES,
  OUTCOME_NLB_ASK,
  OUTCOME_REJECTED_DETAIL,
  OUTCOME_REJECTED_REASON,
  OUTCOME_REJECTED_VERDICT,
  OUTCOME_RULE_SET,
  OUTCOME_TRACKING,
  PEER_REF_BYTES,
  PEER_REF_COUNT,
  PEER_REF_OFF,
  POLICY_ANSWERS,
  POLICY_ANY_SERVICE,
  POLICY_BYTES,
  POLICY_CLOSING,
  POLICY_DENIES,
  POLICY_FLAGS,
  POLICY_GROUP_PEERS,
  POLICY_MISSING,
  POLICY_NLB,
  POLICY_NLB_COUNT,
  POLICY_OPEN,
  POLICY_PEERS,
  POLICY_PEER_COUNT,
  POLICY_PEER_REFS,
  POLICY_PROTOCOLS,
  POLICY_PROTOCOL_COUNT,
  POLICY_RULES,
  POLICY_RULE_COUNT,
  POLICY_SERVICES,
  POLICY_SERVICE_COUNT,
  POLICY_TCP,
  POLICY_TYPED,
  POLICY_UDP,
  POLICY_UNRESOLVED,
  POLICY_WORDS,
  PORT_TREE_LEVELS,
  PORT_TREE_SERVICES,
  PORT_TREE_TOP,
  TIMED_BYTES,
  TIMED_COUNT,
  TIMED_LATE,
  TIMED_SETTLED,
  TIMED_TIMES,
} from "../shared/image";

// Bit rulers of the image's rows stand in assembly/shared/image.ts; those of the matcher's own rows stand here.

@unmanaged
export class ClassRow {
  parent: u32;
  peers: u32;
  peerCount: u32;
  flags: u32;
}
if (offsetof<ClassRow>() != CLASS_BYTES) ERROR("CLASS_BYTES");
if (offsetof<ClassRow>("parent") != CLASS_PARENT) ERROR("CLASS_PARENT");
if (offsetof<ClassRow>("peers") != CLASS_PEERS) ERROR("CLASS_PEERS");
if (offsetof<ClassRow>("peerCount") != CLASS_PEER_COUNT) ERROR("CLASS_PEER_COUNT");
if (offsetof<ClassRow>("flags") != CLASS_FLAGS) ERROR("CLASS_FLAGS");

@unmanaged
export class ClassPeerRow {
  peer: u32;
  since: u32;
}
if (offsetof<ClassPeerRow>() != CLASS_PEER_BYTES) ERROR("CLASS_PEER_BYTES");
if (offsetof<ClassPeerRow>("peer") != CLASS_PEER_ID) ERROR("CLASS_PEER_ID");
if (offsetof<ClassPeerRow>("since") != CLASS_PEER_SINCE) ERROR("CLASS_PEER_SINCE");

@unmanaged
export class TimedRow {
  settled: u32;
  late: u32;
  times: u32;
  count: u32;
}
if (offsetof<TimedRow>() != TIMED_BYTES) ERROR("TIMED_BYTES");
if (offsetof<TimedRow>("settled") != TIMED_SETTLED) ERROR("TIMED_SETTLED");
if (offsetof<TimedRow>("late") != TIMED_LATE) ERROR("TIMED_LATE");
if (offsetof<TimedRow>("times") != TIMED_TIMES) ERROR("TIMED_TIMES");
if (offsetof<TimedRow>("count") != TIMED_COUNT) ERROR("TIMED_COUNT");

@unmanaged
export class InterfaceRow {
  id: u32;
  idBytes: u32;
  flags: u32;
  ingress: u32;
  egress: u32;
  tcpEstablished: u32;
  tcpTransitory: u32;
  udp: u32;
  udpStream: u32;
  icmp: u32;
  other: u32;
  locals: u32;
  localCount: u32;
  reserved: u32;
  reservedCount: u32;
  aclIngress: u32;
  aclEgress: u32;
  padding: u32;
}
if (offsetof<InterfaceRow>() != IMAGE_INTERFACE_BYTES) ERROR("IMAGE_INTERFACE_BYTES");
if (offsetof<InterfaceRow>("id") != IMAGE_INTERFACE_ID) ERROR("IMAGE_INTERFACE_ID");
if (offsetof<InterfaceRow>("idBytes") != IMAGE_INTERFACE_ID_BYTES)
  ERROR("IMAGE_INTERFACE_ID_BYTES");
if (offsetof<InterfaceRow>("flags") != IMAGE_INTERFACE_FLAGS) ERROR("IMAGE_INTERFACE_FLAGS");
if (offsetof<InterfaceRow>("ingress") != IMAGE_INTERFACE_INGRESS) ERROR("IMAGE_INTERFACE_INGRESS");
if (offsetof<InterfaceRow>("egress") != IMAGE_INTERFACE_EGRESS) ERROR("IMAGE_INTERFACE_EGRESS");
if (offsetof<InterfaceRow>("tcpEstablished") != IMAGE_INTERFACE_TIMERS)
  ERROR("IMAGE_INTERFACE_TIMERS");
if (offsetof<InterfaceRow>("other") != IMAGE_INTERFACE_TIMERS + 20) ERROR("IMAGE_INTERFACE_TIMERS");
if (offsetof<InterfaceRow>("locals") != IMAGE_INTERFACE_LOCALS) ERROR("IMAGE_INTERFACE_LOCALS");
if (offsetof<InterfaceRow>("localCount") != IMAGE_INTERFACE_LOCAL_COUNT)
  ERROR("IMAGE_INTERFACE_LOCAL_COUNT");
if (offsetof<InterfaceRow>("reserved") != IMAGE_INTERFACE_RESERVED)
  ERROR("IMAGE_INTERFACE_RESERVED");
if (offsetof<InterfaceRow>("reservedCount") != IMAGE_INTERFACE_RESERVED_COUNT)
  ERROR("IMAGE_INTERFACE_RESERVED_COUNT");
if (offsetof<InterfaceRow>("aclIngress") != IMAGE_INTERFACE_ACL_INGRESS)
  ERROR("IMAGE_INTERFACE_ACL_INGRESS");
if (offsetof<InterfaceRow>("aclEgress") != IMAGE_INTERFACE_ACL_EGRESS)
  ERROR("IMAGE_INTERFACE_ACL_EGRESS");

@unmanaged
export class LocalRow {
  firstHigh: u64;
  firstLow: u64;
  lastHigh: u64;
  lastLow: u64;
}
if (offsetof<LocalRow>() != LOCAL_BYTES) ERROR("LOCAL_BYTES");
if (offsetof<LocalRow>("firstHigh") != LOCAL_FIRST_HIGH) ERROR("LOCAL_FIRST_HIGH");
if (offsetof<LocalRow>("firstLow") != LOCAL_FIRST_LOW) ERROR("LOCAL_FIRST_LOW");
if (offsetof<LocalRow>("lastHigh") != LOCAL_LAST_HIGH) ERROR("LOCAL_LAST_HIGH");
if (offsetof<LocalRow>("lastLow") != LOCAL_LAST_LOW) ERROR("LOCAL_LAST_LOW");

@unmanaged
export class PolicyRow {
  ruleCount: u32;
  words: u32;
  rules: u32;
  peers: u32;
  peerRefs: u32;
  peerCount: u32;
  tcp: u32;
  udp: u32;
  protocols: u32;
  protocolCount: u32;
  anyService: u32;
  services: u32;
  typed: u32;
  unresolved: u32;
  groupPeers: u32;
  nlb: u32;
  nlbCount: u32;
  missing: u32;
  serviceCount: u32;
  answers: u32;
  open: u32;
  flags: u32;
  denies: u32;
  closing: u32;
}
if (offsetof<PolicyRow>() != POLICY_BYTES) ERROR("POLICY_BYTES");
if (offsetof<PolicyRow>("ruleCount") != POLICY_RULE_COUNT) ERROR("POLICY_RULE_COUNT");
if (offsetof<PolicyRow>("words") != POLICY_WORDS) ERROR("POLICY_WORDS");
if (offsetof<PolicyRow>("rules") != POLICY_RULES) ERROR("POLICY_RULES");
if (offsetof<PolicyRow>("peers") != POLICY_PEERS) ERROR("POLICY_PEERS");
if (offsetof<PolicyRow>("peerRefs") != POLICY_PEER_REFS) ERROR("POLICY_PEER_REFS");
if (offsetof<PolicyRow>("peerCount") != POLICY_PEER_COUNT) ERROR("POLICY_PEER_COUNT");
if (offsetof<PolicyRow>("tcp") != POLICY_TCP) ERROR("POLICY_TCP");
if (offsetof<PolicyRow>("udp") != POLICY_UDP) ERROR("POLICY_UDP");
if (offsetof<PolicyRow>("protocols") != POLICY_PROTOCOLS) ERROR("POLICY_PROTOCOLS");
if (offsetof<PolicyRow>("protocolCount") != POLICY_PROTOCOL_COUNT) ERROR("POLICY_PROTOCOL_COUNT");
if (offsetof<PolicyRow>("anyService") != POLICY_ANY_SERVICE) ERROR("POLICY_ANY_SERVICE");
if (offsetof<PolicyRow>("services") != POLICY_SERVICES) ERROR("POLICY_SERVICES");
if (offsetof<PolicyRow>("typed") != POLICY_TYPED) ERROR("POLICY_TYPED");
if (offsetof<PolicyRow>("unresolved") != POLICY_UNRESOLVED) ERROR("POLICY_UNRESOLVED");
if (offsetof<PolicyRow>("groupPeers") != POLICY_GROUP_PEERS) ERROR("POLICY_GROUP_PEERS");
if (offsetof<PolicyRow>("nlb") != POLICY_NLB) ERROR("POLICY_NLB");
if (offsetof<PolicyRow>("nlbCount") != POLICY_NLB_COUNT) ERROR("POLICY_NLB_COUNT");
if (offsetof<PolicyRow>("missing") != POLICY_MISSING) ERROR("POLICY_MISSING");
if (offsetof<PolicyRow>("serviceCount") != POLICY_SERVICE_COUNT) ERROR("POLICY_SERVICE_COUNT");
if (offsetof<PolicyRow>("answers") != POLICY_ANSWERS) ERROR("POLICY_ANSWERS");
if (offsetof<PolicyRow>("open") != POLICY_OPEN) ERROR("POLICY_OPEN");
if (offsetof<PolicyRow>("flags") != POLICY_FLAGS) ERROR("POLICY_FLAGS");
if (offsetof<PolicyRow>("denies") != POLICY_DENIES) ERROR("POLICY_DENIES");
if (offsetof<PolicyRow>("closing") != POLICY_CLOSING) ERROR("POLICY_CLOSING");

@unmanaged
export class PeerRefRow {
  off: u32;
  count: u32;
}
if (offsetof<PeerRefRow>() != PEER_REF_BYTES) ERROR("PEER_REF_BYTES");
if (offsetof<PeerRefRow>("off") != PEER_REF_OFF) ERROR("PEER_REF_OFF");
if (offsetof<PeerRefRow>("count") != PEER_REF_COUNT) ERROR("PEER_REF_COUNT");

@unmanaged
export class NlbRow {
  rules: u32;
  interfaces: u32;
  interfaceCount: u32;
  padding: u32;
}
if (offsetof<NlbRow>() != NLB_BYTES) ERROR("NLB_BYTES");
if (offsetof<NlbRow>("rules") != NLB_RULES) ERROR("NLB_RULES");
if (offsetof<NlbRow>("interfaces") != NLB_INTERFACES) ERROR("NLB_INTERFACES");
if (offsetof<NlbRow>("interfaceCount") != NLB_INTERFACE_COUNT) ERROR("NLB_INTERFACE_COUNT");

@unmanaged
export class PortTreeRow {
  levels: u32;
  services: u32;
  top: u32;
}
if (offsetof<PortTreeRow>("levels") != PORT_TREE_LEVELS) ERROR("PORT_TREE_LEVELS");
if (offsetof<PortTreeRow>("services") != PORT_TREE_SERVICES) ERROR("PORT_TREE_SERVICES");
if (offsetof<PortTreeRow>("top") != PORT_TREE_TOP) ERROR("PORT_TREE_TOP");

@unmanaged
export class OutcomeRow {
  nlbAsk: u64;
  ruleSet: u32;
  acceptedDetail: u32;
  rejectedDetail: u32;
  acceptedVerdict: u8;
  acceptedReason: u8;
  rejectedVerdict: u8;
  rejectedReason: u8;
  tracking: u8;
  padding0: u8;
  padding1: u16;
  padding2: u32;
}
if (offsetof<OutcomeRow>() != OUTCOME_BYTES) ERROR("OUTCOME_BYTES");
if (offsetof<OutcomeRow>("nlbAsk") != OUTCOME_NLB_ASK) ERROR("OUTCOME_NLB_ASK");
if (offsetof<OutcomeRow>("ruleSet") != OUTCOME_RULE_SET) ERROR("OUTCOME_RULE_SET");
if (offsetof<OutcomeRow>("acceptedDetail") != OUTCOME_ACCEPTED_DETAIL)
  ERROR("OUTCOME_ACCEPTED_DETAIL");
if (offsetof<OutcomeRow>("rejectedDetail") != OUTCOME_REJECTED_DETAIL)
  ERROR("OUTCOME_REJECTED_DETAIL");
if (offsetof<OutcomeRow>("acceptedVerdict") != OUTCOME_ACCEPTED_VERDICT)
  ERROR("OUTCOME_ACCEPTED_VERDICT");
if (offsetof<OutcomeRow>("acceptedReason") != OUTCOME_ACCEPTED_REASON)
  ERROR("OUTCOME_ACCEPTED_REASON");
if (offsetof<OutcomeRow>("rejectedVerdict") != OUTCOME_REJECTED_VERDICT)
  ERROR("OUTCOME_REJECTED_VERDICT");
if (offsetof<OutcomeRow>("rejectedReason") != OUTCOME_REJECTED_REASON)
  ERROR("OUTCOME_REJECTED_REASON");
if (offsetof<OutcomeRow>("tracking") != OUTCOME_TRACKING) ERROR("OUTCOME_TRACKING");

// One rule image in use: absolute pointers of its sections, and what classify has worked out so far.
//
//   0     4          8          12     16    20     24      28           32    36    40     44      48
//   |image|interfaces|interfaceN|locals|rsrvd|rsrvdN|serv4  |serv4N      |serv6|serv6N|root4|pages4 |
//   48     52      56       60    64    68      72         76       80          84   88       92
//   |starts|entries|starts6N|timed|times|classes|classCount|clsPeers|policies   |polN|ruleName|attachIn
//   92        96       100       104        108   112          116     120         124      128       132
//   |attachOut|keyCount|pairPool|poolUsed   |pairs|evidence    |tables |scratch    |scrWords|outcomes |outCap|
//   136       140      144       148        152   156          160     164         168      172
//   |outCount |outIndex|sets    |setWordsCap|used |setOffs     |setCap |setCount   |setIndex|written|
@unmanaged
export class Matcher {
  image: usize;
  interfaces: usize;
  interfaceCount: u32;
  locals: usize;
  reserved: usize;
  services4: usize;
  services4Count: u32;
  services6: usize;
  services6Count: u32;
  root4: usize;
  pages4: usize;
  starts6: usize;
  starts6Count: u32;
  entries6: usize;
  timed: usize;
  times: usize;
  classes: usize;
  classCount: u32;
  classPeers: usize;
  policies: usize;
  policyCount: u32;
  ruleNames: usize;
  attachIngress: u32;
  attachEgress: u32;

  /** Pair caches: see pairs.ts. keyCount: class keys there are. evidencePairs = 0 where no policy asks for evidence. */
  keyCount: u32;
  pairPool: usize;
  pairPoolUsed: u32;
  pairs: usize;
  evidencePairs: usize;
  tables: usize;

  /** Bitsets of one evaluation, `scratchWords` u64 each: see evaluate-pair.ts. */
  scratch: usize;
  scratchWords: u32;

  /** Interned outcomes and rule sets: see outcomes.ts. */
  outcomes: usize;
  outcomeCap: u32;
  outcomeCount: u32;
  outcomeIndex: usize;
  sets: usize;
  setWordsCap: u32;
  setWordsUsed: u32;
  setOffs: usize;
  setCap: u32;
  setCount: u32;
  setIndex: usize;

  /** The memory of the pair pool may hold what an owner before left. */
  pairPoolWritten: bool;
}
