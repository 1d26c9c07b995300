# frozen_string_literal: true

require_relative "helper"
require "packaged"
require "tempfile"

temporary = Tempfile.new("temporary")
temporary.write "temporary"
at_exit { puts "at_exit: temporary file is there: #{File.exist?(temporary.path)}" }
at_exit { exit 7 }
trap("EXIT") { puts "trap, before any at_exit" }

puts "main #{__FILE__ == $0} #{__FILE__} #{$PROGRAM_NAME} #{__dir__} #{Dir.pwd}"
puts "#{ARGV} #{ENV["GREETING"]} #{$stdin.read}"
puts "#{HELPED} #{PACKAGED}"
puts DATA.read
File.open("out", "w").write "never closed"
puts <<NOT_THE_END
__END__
NOT_THE_END
__END__
DATA of ü
