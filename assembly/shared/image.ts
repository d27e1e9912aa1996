// Layout of the compiled rule image: one rule set as bytes. src/compile is its only writer, assembly/match its only
// reader. Portable: literals only. Sizes and offsets in bytes, everything little-endian, every offset inside the image
// is relative to its first byte, so an image may lie anywhere (64-byte aligned) and be sent to a worker as it is.

export const IMAGE_MAGIC = 1230132806; // "FVRI"
export const IMAGE_VERSION = 3;

// ---- Header.
//
//   0     4       8      12       16    20    24            28           32                      192
//   |magic|version|bytes |checksum|rules|names|attachIngress|attachEgress| section table: off, count ... |
//
// names: the highest name number of any row; names are shared by all images that were compiled together.
// checksum: over all u32 words from IMAGE_OFF_RULES to the end. attach*: policy of every interface of the log that the
// image does not hold (semantics 1.2), 0 = none.
export const IMAGE_OFF_MAGIC = 0;
export const IMAGE_OFF_VERSION = 4;
export const IMAGE_OFF_BYTES = 8;
export const IMAGE_OFF_CHECKSUM = 12;
export const IMAGE_OFF_RULES = 16;
export const IMAGE_OFF_NAMES = 20;
export const IMAGE_OFF_ATTACH_INGRESS = 24;
export const IMAGE_OFF_ATTACH_EGRESS = 28;
export const IMAGE_OFF_SECTIONS = 32;
export const IMAGE_SECTION_BYTES = 8;
export const IMAGE_SECTION_OFF = 0;
export const IMAGE_SECTION_COUNT = 4; // rows, not bytes
export const IMAGE_HEADER_BYTES = 192;
export const IMAGE_ALIGN = 64; // of every section and of the whole
export const IMAGE_CHECKSUM_SEED = 1540483477;
export const IMAGE_CHECKSUM_PRIME = 461845907;
export const IMAGE_CHECKSUM_ROTATE = 13;

// ---- Sections, in file order; the stride of a row beside each.
export const SECTION_INTERFACES = 0; // 72: interface rows, sorted by id
export const SECTION_IDS = 1; // 1: the ids' UTF-8 bytes
export const SECTION_LOCALS = 2; // 32: address ranges of an interface, sorted and disjoint
export const SECTION_RESERVED = 3; // 4: IPv4 addresses of a VPC's own services (semantics 1.4)
export const SECTION_SERVICES4 = 4; // 4: link-local services, IPv4, sorted
export const SECTION_SERVICES6 = 5; // 16: the same, IPv6: high, low
export const SECTION_ROOT4 = 6; // 4: 65,536 trie entries, by the upper 16 bits of the address
export const SECTION_PAGES4 = 7; // 64: pages of 16 trie entries, by the next 4 bits
export const SECTION_STARTS6 = 8; // 16: first address of each IPv6 range (high, low), sorted; the first is ::
export const SECTION_ENTRIES6 = 9; // 4: the entry of each IPv6 range
export const SECTION_TIMED = 10; // 16: timed rows
export const SECTION_TIMES = 11; // 4: attach times of the timed rows, ascending
export const SECTION_CLASSES = 12; // 16: class rows; class 0 is every address
export const SECTION_CLASS_PEERS = 13; // 8: peer, since
export const SECTION_RULE_NAMES = 14; // 4: per rule the name index + 1 of its peer, 0 for a CIDR
export const SECTION_POLICIES = 15; // 96: policy rows; policy n is row n - 1
export const SECTION_DATA = 16; // 4: what policy rows point to
export const SECTION_COUNT = 17;

// ---- Trie entry (also of an IPv6 range): bit 31 = a page follows, bit 30 = a timed row follows, else a class.
export const ENTRY_PAGE_SHIFT = 31;
export const ENTRY_TIMED_SHIFT = 30;
export const ENTRY_INDEX_MASK = 1073741823;
export const PAGE4_BYTES = 64;
export const STARTS6_BYTES = 16;
export const SERVICE6_BYTES = 16;

// ---- Class: addresses that the same peers contain. Its peers are its own and those of its parents up to class 0.
//
//   0      4     8     12    16
//   |parent|peers|count|flags|
export const CLASS_BYTES = 16;
export const CLASS_PARENT = 0;
export const CLASS_PEERS = 4; // row in SECTION_CLASS_PEERS
export const CLASS_PEER_COUNT = 8;
export const CLASS_FLAGS = 12;
export const CLASS_UNKNOWN_MEMBER = 1; // nobody knows its groups: of an interface that leaves them open (semantics 3.5a), or private and of none (3.5b)
export const CLASS_AUTOMATIC = 2; // of an interface whose traffic is tracked automatically (semantics 6.1)
// One peer of a class: its number, and from which second on the addresses belong to it (3.5c), 0 = always.
export const CLASS_PEER_BYTES = 8;
export const CLASS_PEER_ID = 0;
export const CLASS_PEER_SINCE = 4;

// ---- Timed row: an address that joined some of its peers at a time.
//
//   0       4    8     12    16
//   |settled|late|times|count|
//
// settled: class from the last time on. late: class whose peers carry their times. The key of a pair before the last
// time is not the class but `classes + times + epoch`, epoch = how many times are not after the record.
export const TIMED_BYTES = 16;
export const TIMED_SETTLED = 0;
export const TIMED_LATE = 4;
export const TIMED_TIMES = 8; // row in SECTION_TIMES
export const TIMED_COUNT = 12;

// ---- Interface.
//
//   0  4       8     12      16     20          28          32         36  40        44   48
//   |id|idBytes|flags|ingress|egress|established|transitory |udp       |udpStream|icmp|other|
//   |locals|localCount|reserved|reservedCount|aclIngress|aclEgress|-|
//   44     48         52       56            60         64        68 72
//
// An image holds the interfaces of all rule sets it was compiled beside, at the same index in each. Addresses, services
// and timers are facts: the same in all of them. Groups, policies and evidence are those of this rule set.
export const IMAGE_INTERFACE_BYTES = 72;
export const IMAGE_INTERFACE_ID = 0; // offset inside SECTION_IDS
export const IMAGE_INTERFACE_ID_BYTES = 4;
export const IMAGE_INTERFACE_FLAGS = 8;
export const IMAGE_INTERFACE_INGRESS = 12; // policy number, 0 = carries no group
export const IMAGE_INTERFACE_EGRESS = 16;
export const IMAGE_INTERFACE_TIMERS = 20; // u32 tcpEstablished, tcpTransitory, udp, udpStream, icmp, other
export const IMAGE_INTERFACE_LOCALS = 44; // row in SECTION_LOCALS
export const IMAGE_INTERFACE_LOCAL_COUNT = 48;
export const IMAGE_INTERFACE_RESERVED = 52; // row in SECTION_RESERVED
export const IMAGE_INTERFACE_RESERVED_COUNT = 56;
export const IMAGE_INTERFACE_ACL_INGRESS = 60; // number of an ordered policy, 0 = no network ACL known (semantics 10)
export const IMAGE_INTERFACE_ACL_EGRESS = 64;
export const IMAGE_FLAG_HAS_GROUPS = 1;
export const IMAGE_FLAG_NLB_EVIDENCE = 2; // carries a group whose accepted clients decide 3.5d
export const IMAGE_FLAG_ADDRESSES = 4; // an address or a delegated prefix is known (2.3)
export const IMAGE_FLAG_KNOWN = 8; // the interface is in this rule set (1.2)
export const IMAGE_FLAG_AUTOMATIC = 16; // its traffic is tracked whatever the rules say (6.1)

// ---- Local range: first and last address, IPv4 as ::ffff:a.b.c.d.
//
//   0         8        16       24      32
//   |firstHigh|firstLow|lastHigh|lastLow|
export const LOCAL_BYTES = 32;
export const LOCAL_FIRST_HIGH = 0;
export const LOCAL_FIRST_LOW = 8;
export const LOCAL_LAST_HIGH = 16;
export const LOCAL_LAST_LOW = 24;

// ---- Policy: the rules of one distinct set of groups in one direction. Bit n of a bitset = its rule n. Offsets are
// relative to the image; 0 = that part is empty. An ordered policy is a network ACL in one direction, as the interfaces
// of one subnet meet it: its rules are the ACL's entries by number, behind an entry that admits the subnet's own
// addresses (semantics 10.2), and the first that matches decides.
//
//   0     4     8    12    16       20       24  28  32        36       40         44      48
//   |rules|words|list|peers|peerRefs|peerCount|tcp|udp|protocols|protoCnt|anyService|services|
//   48    52         56         60 64      68     72       76      80   84    88     92      96
//   |typed|unresolved|groupPeers|nlb|nlbCount|missing|svcCount|answers|open|flags|denies|closing|
export const POLICY_BYTES = 96;
export const POLICY_RULE_COUNT = 0;
export const POLICY_WORDS = 4; // u64 words of one bitset
export const POLICY_RULES = 8; // u32 rule number in the rule set, ascending; ordered: name index + 1 of a deny, else 0
export const POLICY_PEERS = 12; // u32 peer numbers, ascending
export const POLICY_PEER_REFS = 16; // peer ref rows, parallel to peers
export const POLICY_PEER_COUNT = 20;
export const POLICY_TCP = 24; // port tree
export const POLICY_UDP = 28;
export const POLICY_PROTOCOLS = 32; // ICMP, ICMPv6 and other protocols that some rule names: u32 protocol, u32 service
export const POLICY_PROTOCOL_COUNT = 36;
export const POLICY_ANY_SERVICE = 40; // service of every other protocol
export const POLICY_SERVICES = 44; // bitset per service: rules that fit protocol and port; see below
export const POLICY_TYPED = 48; // bitset: rules for one ICMP type (3.6)
export const POLICY_UNRESOLVED = 52; // bitset: peers that cannot be known (3.5a)
export const POLICY_GROUP_PEERS = 56; // bitset: peers that are groups (3.5a, b)
export const POLICY_NLB = 60; // NLB rows (3.5d)
export const POLICY_NLB_COUNT = 64;
export const POLICY_MISSING = 68; // name index + 1 of the first group without a document (1.2), 0 = none
export const POLICY_SERVICE_COUNT = 72;
export const POLICY_ANSWERS = 76; // ANSWERS_*: what this direction lets out of an untracked connection's replies (6.1)
export const POLICY_OPEN = 80; // bitset: rules whose peer is every address of a family, or of both (6.1)
export const POLICY_FLAGS = 84;
export const POLICY_DENIES = 88; // ordered: bitset of the entries that deny
export const POLICY_CLOSING = 92; // ordered: name index + 1 of `*`, which denies what no entry matches
export const POLICY_MAX_NLB = 64;
export const POLICY_ORDERED = 1;

// A service belongs to TCP and UDP, to ICMP or ICMPv6, or to other protocols: what it comes to may depend on which
// (semantics 3.6, 6.1).

// Protocol and family for which some rule admits all addresses on ports 0-65535.
export const ANSWERS_TCP4 = 1;
export const ANSWERS_TCP6 = 2;
export const ANSWERS_UDP4 = 4;
export const ANSWERS_UDP6 = 8;

// ---- Peer ref: which rules of a policy have the peer.
//
//   0   4     8
//   |off|count|   count = 0xffffffff: off is a bitset; else off is a list of u32 rule positions in the policy
export const PEER_REF_BYTES = 8;
export const PEER_REF_OFF = 0;
export const PEER_REF_COUNT = 4;

// ---- NLB row: one group that a network load balancer carries; its number in the policy is the slot.
//
//   0     4          8     12  16
//   |rules|interfaces|count| - |
export const NLB_BYTES = 16;
export const NLB_RULES = 0; // bitset
export const NLB_INTERFACES = 4; // u32 interface indices that carry the group
export const NLB_INTERFACE_COUNT = 8;

// ---- Port tree: disjoint port intervals in order, found by one SIMD compare per level.
//
//   0      4        8    12                 32
//   |levels|services|top |level 1 ... level 5|
//
// A level is an array of blocks of eight u16 keys: the last ports of the eight intervals (lowest level) or of the
// eight blocks below, padded with 65535. services: u32 service per interval.
export const PORT_TREE_BYTES = 32;
export const PORT_TREE_LEVELS = 0;
export const PORT_TREE_SERVICES = 4;
export const PORT_TREE_TOP = 8;
export const PORT_TREE_FAN = 8;
export const PORT_TREE_MAX_LEVELS = 6;

// ---- Outcome of classify: what the rules say of one pair of address class and service.
//
//   0       8      12             16             20             21           22             23           24
//   |nlbAsk |ruleSet|acceptedDetail|rejectedDetail|acceptVerdict|acceptReason|rejectVerdict|rejectReason|
//   24       25   32
//   |tracking|  - |
//
// accepted* holds for a record that AWS ACCEPTed (or whose action is missing), rejected* for one it REJECTed.
export const OUTCOME_BYTES = 32;
export const OUTCOME_NLB_ASK = 0;
export const OUTCOME_RULE_SET = 8;
export const OUTCOME_ACCEPTED_DETAIL = 12; // name index + 1, 0 = none
export const OUTCOME_REJECTED_DETAIL = 16;
export const OUTCOME_ACCEPTED_VERDICT = 20;
export const OUTCOME_ACCEPTED_REASON = 21;
export const OUTCOME_REJECTED_VERDICT = 22;
export const OUTCOME_REJECTED_REASON = 23;
// u8, TCP and UDP: 1 = a matching rule admits every address of the remote's family, and the remote address is of no
// interface that is tracked automatically: this policy's half of "untracked" (semantics 6.1).
export const OUTCOME_TRACKING = 24;
