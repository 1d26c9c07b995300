# Work that times itself. A line "ROW COUNT" on standard input runs a row so often; each run answers with a line of its
# seconds and its result, which has to be the same on every host.
require 'json'

def loops
  total = 0
  i = 0
  while i < 300_000
    total += i & 7
    i += 1
  end
  50_000.times { |n| total += n * n % 3 }
  total
end

def strings
  words = Array.new(10_000) { |i| "word#{i % 97}" }
  text = words.join(' ')
  upper = text.upcase.gsub('WORD1', 'term').split
  found = upper.count { |word| word.start_with?('term') }
  lines = words.each_with_index.map { |word, i| format('%6d: %s', i, word) }
  found + lines.join("\n").bytesize + text.reverse.length
end

DOCUMENT = {
  records: Array.new(480) do |i|
    { id: i, name: "name #{i}", score: i / 7.0, tags: ['a', 'b', i.to_s], on: i.even?, none: nil }
  end
}

def documents
  text = JSON.generate(DOCUMENT)
  JSON.parse(text)['records'].length + text.length
end

while (line = $stdin.gets)
  row, count = line.split
  count.to_i.times do
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    result = send(row)
    puts format('%.9f %s', Process.clock_gettime(Process::CLOCK_MONOTONIC) - start, result)
    $stdout.flush
  end
end
