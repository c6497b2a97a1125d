# What the cases share: a publication of a few packets, small enough to count by hand.
#
# 2025q1 (April to June 2025): 23/TCP 5 packets, 80/TCP 3, 443/TCP 3, 53/UDP 1 to domestic sensors;
# 2024q4 (January to March 2025): 80/TCP 4, 23/TCP 2, 22/TCP 1. Sources: 10.1.0.0/16 is JP, 10.2.0.0/16 US, 10.3.0.0/16 CN.
capture() { python3 "$TEITEN_SOURCE/tests/golden/make_capture.py"; }

small_publication() {
    local folder=$1
    mkdir -p "$folder"/captures/2025q1 "$folder"/captures/2024q4 "$folder"/registries/2025q1 "$folder"/registries/2024q4
    cp "$TEITEN_SOURCE/samples/quarterly/names/regions.csv" "$folder/regions.csv"
    cat >"$folder/publication.xml" <<'X'
<?xml version="1.0" encoding="UTF-8"?>
<publication xmlns="urn:teiten:publication:1">
  <title xml:lang="ja">小さな観測レポート</title>
  <publisher xml:lang="ja">検査用CERT</publisher>
  <language>ja</language>
  <calendar time-zone="Asia/Tokyo" fiscal-year-starts="4"/>
  <captures path="captures/{edition}"/>
  <sensors path="sensors.csv" home-region="JP"/>
  <names services="services.csv" regions="regions.csv"/>
  <delegated path="registries/{edition}/delegated-*"/>
  <prose path="editions/{edition}"/>
  <ranking limit="10" icmp="type"/>
  <measure id="domestic-ports" count="packets" by="port">
    <where sensor-group="domestic"/>
  </measure>
  <measure id="domestic-regions" count="packets" by="region">
    <where sensor-group="domestic"/>
  </measure>
  <measure id="telnet-sources" count="sources" by="tool">
    <where sensor-group="domestic" source-region="JP" protocol="tcp" port="23"/>
  </measure>
  <table id="ports" measure="domestic-ports" top="5">
    <caption xml:lang="ja">宛先ポート番号</caption>
    <key-heading xml:lang="ja">宛先ポート番号</key-heading>
    <column kind="rank"/><column kind="key"/><column kind="count"/><column kind="share"/><column kind="change"/><column kind="previous-rank"/>
  </table>
  <table id="regions" measure="domestic-regions" top="5">
    <caption xml:lang="ja">送信元地域</caption>
    <key-heading xml:lang="ja">送信元地域</key-heading>
    <column kind="rank"/><column kind="key"/><column kind="previous-rank"/>
  </table>
  <figure id="ports-daily" kind="daily-lines" table="ports">
    <caption xml:lang="ja">宛先ポート番号の推移</caption>
  </figure>
  <figure id="telnet-daily" kind="daily-lines" measure="telnet-sources">
    <caption xml:lang="ja">Telnet宛ての送信元</caption>
    <series keys="mirai"><label xml:lang="ja">Miraiの特徴あり</label></series>
    <series not="mirai"><label xml:lang="ja">Miraiの特徴なし</label></series>
  </figure>
</publication>
X
    cat >"$folder/sensors.csv" <<'X'
id,prefix,region,group,label,since,until
jp01,192.0.2.0/28,JP,domestic,東日本1,2023-04-01,
jp02,192.0.2.16/28,JP,domestic,西日本1,2023-04-01,
us01,198.51.100.0/28,US,overseas,米国1,2023-04-01,
X
    cat >"$folder/services.csv" <<'X'
port,protocol,name,use
23,tcp,Telnet,
80,tcp,http,Web
443,tcp,https,Web
22,tcp,ssh,
X
    local date edition
    for edition in 2025q1:20250630 2024q4:20250331; do
        date=${edition#*:}
        cat >"$folder/registries/${edition%:*}/delegated-example-extended-latest" <<X
2.3|apnic|$date|4|19830705|$date|+0900
apnic|*|ipv4|*|3|summary
apnic|JP|ipv4|10.1.0.0|65536|20100101|allocated|a1
apnic|US|ipv4|10.2.0.0|65536|20100101|allocated|a2
apnic|CN|ipv4|10.3.0.0|65536|20100101|assigned|a3
X
    done
    capture >"$folder/captures/2025q1/a.pcap" <<'X'
2025-03-31T23:59:59.999999+09:00 10.2.0.9 192.0.2.1 tcp 23
2025-04-01T00:00:00+09:00 10.1.0.1 192.0.2.1 tcp 23 mirai
2025-04-01T12:00:00+09:00 10.1.0.1 192.0.2.17 tcp 23 mirai
2025-04-01T12:00:01+09:00 10.1.0.2 192.0.2.1 tcp 23
2025-04-02T12:00:00+09:00 10.1.0.1 192.0.2.1 tcp 23 mirai
2025-04-02T12:00:01+09:00 10.2.0.1 192.0.2.1 tcp 23 zmap
2025-04-02T12:00:02+09:00 10.2.0.1 192.0.2.1 tcp 80
2025-04-02T12:00:03+09:00 10.2.0.1 192.0.2.2 tcp 80
2025-04-02T12:00:04+09:00 10.3.0.1 192.0.2.3 tcp 80
2025-04-02T12:00:05+09:00 10.3.0.1 192.0.2.3 tcp 443
X
    capture >"$folder/captures/2025q1/b.pcap" <<'X'
2025-06-30T23:59:59.999999+09:00 10.2.0.2 192.0.2.30 tcp 443
2025-06-30T10:00:00+09:00 10.2.0.2 192.0.2.30 tcp 443
2025-06-30T10:00:01+09:00 10.2.0.2 192.0.2.30 udp 53
2025-06-30T10:00:02+09:00 10.2.0.2 198.51.100.1 tcp 23
2025-06-30T10:00:03+09:00 192.0.2.1 10.2.0.2 tcp 23
2025-06-30T10:00:04+09:00 10.2.0.2 203.0.113.1 tcp 23
2025-06-30T10:00:05+09:00 - - arp 0
2025-07-01T00:00:00+09:00 10.2.0.2 192.0.2.30 tcp 443
X
    capture >"$folder/captures/2024q4/a.pcap" <<'X'
2025-01-01T00:00:00+09:00 10.2.0.1 192.0.2.1 tcp 80
2025-01-02T00:00:00+09:00 10.2.0.1 192.0.2.1 tcp 80
2025-01-03T00:00:00+09:00 10.2.0.1 192.0.2.1 tcp 80
2025-01-04T00:00:00+09:00 10.2.0.1 192.0.2.1 tcp 80
2025-02-01T00:00:00+09:00 10.1.0.1 192.0.2.17 tcp 23 mirai
2025-03-31T23:59:59+09:00 10.1.0.1 192.0.2.17 tcp 23
2025-03-31T12:00:00+09:00 10.3.0.1 192.0.2.17 tcp 22
X
}
